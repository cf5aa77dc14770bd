/**
 * Microsoft SKUs that cost nothing: free plans and the viral trials that people sign up for
 * themselves. A tenant shows 10,000 or 1,000,000 of them "bought". GUIDs of the published licensing
 * table, read 2026-11-22.
 */
export const FREE_SKUS: Readonly<Record<string, string>> = {
  '036c2481-aa8a-47cd-ab43-324f0c157c2d': 'DYN365_CUSTOMER_INSIGHTS_VIRAL',
  '16ddbbfc-09ea-4de2-b1d7-312db6112d70': 'TEAMS_FREE',
  '1e615a51-59db-4807-9957-aa83c3657351': 'Dynamics_365_Customer_Service_Enterprise_viral_trial',
  '1f2f344a-700d-42c9-9427-5cea1d5d7ba6': 'STREAM',
  '29a2f828-8f39-4837-b8ff-c957e86abe3c': 'TEAMS_COMMERCIAL_TRIAL',
  '29fcd665-d8d1-4f34-8eed-3811e3fca7b3': 'Dynamics_365_Field_Service_Enterprise_viral_trial',
  '3f9f06f5-3c31-472c-985f-62d9c10ec167': 'Power_Pages_vTrial_for_Makers',
  '556640c0-53ea-4773-907d-29c55332983f': 'Microsoft_Cloud_for_Sustainability_vTrial',
  '5b631642-bd26-49fe-bd20-1daaa972ef80': 'POWERAPPS_DEV',
  '606b54a9-78d8-4298-ad8b-df6ef4481c80': 'CCIBOTS_PRIVPREV_VIRAL',
  '6470687e-a428-4b7a-bef2-8a291ad947c9': 'WINDOWS_STORE',
  '6ec92958-3cc1-49db-95bd-bc6b3798df71': 'Dynamics_365_Sales_Premium_Viral_Trial',
  '710779e8-3d4a-4c88-adb9-386c958d1fdf': 'TEAMS_EXPLORATORY',
  '87bbbc60-4754-4998-8c88-227dca264858': 'POWERAPPS_INDIVIDUAL_USER',
  '8c4ce438-32a7-4ac5-91a6-e22ae08d9c8b': 'RIGHTSMANAGEMENT_ADHOC',
  '90d8b3f8-712e-4f7b-aa1e-62e7ae6cbe96': 'SMB_APPS',
  '99cb3f83-fbec-4aa1-8262-9679e6df7c53': 'Dynamics_365_Guides_vTrial',
  'a403ebcc-fae0-4ca2-8c8c-7a907fd6c235': 'POWER_BI_STANDARD',
  'ade29b5f-397e-4eb9-a287-0344bd46c68d': 'POWER_BI_STANDARD_FACULTY',
  'bc946dac-7877-4271-b2f7-99d2db13cd2c': 'FORMS_PRO',
  'bdcaf6aa-04c1-4b8f-b64e-6e3bd505ac64': 'POWER_BI_STANDARD_STUDENT',
  'dcb1a3ae-b33f-4487-846a-a640262fadf4': 'POWERAPPS_VIRAL',
  'e0dfc8b9-9531-4ec8-94b4-9fec23b05fc8': 'Microsoft_Teams_Exploratory_Dept',
  'f30db892-07e9-47e9-837c-80727f46fd3d': 'FLOW_FREE',
};
