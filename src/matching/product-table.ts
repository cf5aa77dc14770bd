/**
 * Microsoft's products as they are sold by the seat: the name of today, the ids that stand for it
 * (string id and GUID of the licensing table, offer id of the new commerce) and the names it had
 * before. Facts of the published licensing table, read 2026-11-21. A name is never guessed from
 * another: "Office 365 Business Premium" became Business Standard, SPE_F1 became F3.
 */
import { ADDONS } from './product-addons.ts';
import { product, type Product } from './product.ts';

const SUITES: readonly Product[] = [
  product(
    'Microsoft 365 Business Basic',
    ['O365_BUSINESS_ESSENTIALS', '3b555118-da6a-4418-894f-7df1e2096870', 'CFQ7TTC0LH18:0001'],
    ['Office 365 Business Essentials', 'M365BB'],
  ),
  product(
    'Microsoft 365 Business Standard',
    ['O365_BUSINESS_PREMIUM', 'f245ecc8-75af-4f8e-b61f-27d8114de5f3', 'CFQ7TTC0LDPB:0001'],
    ['Office 365 Business Premium', 'M365BS'],
  ),
  product(
    'Microsoft 365 Business Premium',
    ['SPB', 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', 'CFQ7TTC0LCHC:0002'],
    ['Microsoft 365 Business', 'M365BP'],
  ),
  product(
    'Microsoft 365 Apps for Business',
    ['O365_BUSINESS', 'cdd28e44-67e3-425e-be4c-737fab2899d3', 'SMB_BUSINESS'],
    ['Office 365 Business', 'Microsoft 365 Apps Business'],
  ),
  product(
    'Microsoft 365 Apps for Enterprise',
    ['OFFICESUBSCRIPTION', 'c2273bd0-dff7-4215-9ef5-2c7bcfb06425'],
    ['Office 365 ProPlus', 'Microsoft 365 Apps Enterprise'],
  ),
  product(
    'Exchange Online (Plan 1)',
    ['EXCHANGESTANDARD', '4b9405b0-7788-4568-add1-99614e613b69', 'CFQ7TTC0LH16:0001'],
    ['Exchange Plan 1', 'Exchange Online P1', 'Exchange P1'],
  ),
  product(
    'Exchange Online (Plan 2)',
    ['EXCHANGEENTERPRISE', '19ec0d23-8335-4cbd-94ac-6050e30712fa', 'CFQ7TTC0LH1P:0001'],
    ['Exchange Plan 2', 'Exchange Online P2', 'Exchange P2'],
  ),
  product(
    'Exchange Online Kiosk',
    ['EXCHANGEDESKLESS', '80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82'],
    ['Exchange Kiosk'],
  ),
  product(
    'Office 365 E1',
    ['STANDARDPACK', '18181a46-0d4e-45cd-891e-60aabd171b4e'],
    ['Office 365 Enterprise E1'],
  ),
  product(
    'Office 365 E3',
    ['ENTERPRISEPACK', '6fd2c87f-b296-42f0-b197-1e91e994b900'],
    ['Office 365 Enterprise E3'],
  ),
  product(
    'Office 365 E5',
    ['ENTERPRISEPREMIUM', 'c7df2760-2c81-4ef7-b578-5b5392b571df'],
    ['Office 365 Enterprise E5'],
  ),
  product(
    'Office 365 F3',
    ['DESKLESSPACK', '4b585984-651b-448a-9e53-3b10f069cf7f'],
    ['Office 365 F1'],
  ),
  product('Microsoft 365 E3', ['SPE_E3', '05e9a617-0261-4cee-bb44-138d3ef5d965']),
  product('Microsoft 365 E5', ['SPE_E5', '06ebc4ee-1bb5-47dd-8120-11324bc54e06']),
  product('Microsoft 365 F1', ['M365_F1', '44575883-256e-4a79-9da4-ebe9acabe2b2']),
  product('Microsoft 365 F3', ['SPE_F1', '66b55226-6b4f-492c-910c-a3b7a3c9d993']),
  product(
    'Microsoft Entra ID P1',
    ['AAD_PREMIUM', '078d2b04-f1bd-4111-bbd4-b4b1b354cef4'],
    ['Azure Active Directory Premium P1', 'Entra P1'],
  ),
  product(
    'Microsoft Entra ID P2',
    ['AAD_PREMIUM_P2', '84a661c4-e949-4bd2-a560-ed7766fcaf2b'],
    ['Azure Active Directory Premium P2', 'Entra P2'],
  ),
  product(
    'Microsoft Defender for Office 365 (Plan 1)',
    ['ATP_ENTERPRISE', '4ef96642-f096-40de-a3e9-d83fb2f90211'],
    ['Office 365 Advanced Threat Protection Plan 1', 'Advanced Threat Protection Plan 1'],
  ),
  product(
    'Microsoft Defender for Office 365 (Plan 2)',
    ['THREAT_INTELLIGENCE', '3dd6cf57-d688-4eed-ba52-9e40b5468c3e'],
    ['Office 365 Advanced Threat Protection Plan 2', 'Advanced Threat Protection Plan 2'],
  ),
  product('Microsoft Defender for Endpoint P1', [
    'DEFENDER_ENDPOINT_P1',
    '16a55f2f-ff35-4cd5-9146-fb784e3761a5',
  ]),
  product(
    'Microsoft Teams Phone Standard',
    ['MCOEV', 'e43b5b99-8dfb-405f-9987-dc307f34bcbd'],
    ['Teams Phone Standard', 'Microsoft 365 Phone System'],
  ),
  product(
    'Microsoft Teams Shared Devices',
    ['MCOCAP', '295a8eb0-f78d-45c7-8b5b-1eed5ed02dff'],
    ['Common Area Phone'],
  ),
  product(
    'Microsoft 365 Audio Conferencing',
    ['MCOMEETADV', '0c266dff-15dd-4b49-8397-2bb16070ed52'],
    ['Audio Conferencing'],
  ),
  product('Visio Plan 1', ['VISIOONLINE_PLAN1', '4b244418-9658-4451-a2b8-b5e2b364e9bd']),
  product(
    'Visio Plan 2',
    ['VISIOCLIENT', 'c5928f49-12ba-48f7-ada3-0d743a3601d5'],
    ['Visio Online Plan 2'],
  ),
  product(
    'Planner Plan 1',
    ['PROJECT_P1', 'beb6439c-caad-48d3-bf46-0c82871e12be'],
    ['Project Plan 1'],
  ),
  product(
    'Planner and Project Plan 3',
    ['PROJECTPROFESSIONAL', '53818b1b-4a27-454b-8896-0dba576410e6'],
    ['Project Plan 3', 'Project Online Professional'],
  ),
  product('Power BI Pro', ['POWER_BI_PRO', 'f8a1db68-be16-40ed-86d5-cb42ce701560'], ['PBI Pro']),
  product('Power BI Premium Per User', [
    'PBI_PREMIUM_PER_USER',
    'c1d032e0-5619-4761-9b5c-75b6831e1711',
  ]),
  product(
    'Enterprise Mobility + Security E3',
    ['EMS', 'efccb6f7-5641-4e0e-bd10-b4976e1bf68e'],
    ['EMS E3'],
  ),
  product(
    'Enterprise Mobility + Security E5',
    ['EMSPREMIUM', 'b05e124f-c7cc-45a0-a6aa-8cf78c946968'],
    ['EMS E5'],
  ),
  product('Windows 365 Business 2 vCPU 4 GB 128 GB', [
    'CPC_B_2C_4RAM_128GB',
    '135bee78-485b-4181-ad6e-40286e311850',
  ]),
  product('Windows 365 Business 2 vCPU 8 GB 128 GB', [
    'CPC_B_2C_8RAM_128GB',
    '71f21848-f89b-4aaa-a2dc-780c8e8aac5b',
  ]),
  product(
    'Microsoft Fabric (Free)',
    ['POWER_BI_STANDARD', 'a403ebcc-fae0-4ca2-8c8c-7a907fd6c235'],
    ['Power BI (free)'],
  ),
];

export const PRODUCTS: readonly Product[] = [...SUITES, ...ADDONS];
