/**
 * What is sold beside the suites: security, Teams, Power, Windows 365, Intune. The same facts of
 * the published licensing table as in product-table.ts, read 2026-11-22.
 */
import { product, type Product } from './product.ts';

export const ADDONS: readonly Product[] = [
  product(
    'Microsoft Copilot for Microsoft 365',
    ['Microsoft_365_Copilot', '639dec6b-bb19-468b-871c-c5c441c4b0cb', 'a809996b-059e-42e2-9866-db24b99a9782', 'M365_Copilot'],
    ['Microsoft 365 Copilot', 'M365 Copilot'],
  ),
  product(
    'Microsoft Defender for Business',
    ['MDE_SMB', '5e1e7702-a2b7-4360-8d07-2f515792896f'],
    ['Defender for Business'],
  ),
  product(
    'Microsoft Defender for Endpoint',
    ['WIN_DEF_ATP', '111046dd-295b-4d6d-9724-d52ac90bd1f2'],
    ['Microsoft Defender for Endpoint P2', 'Defender for Endpoint P2', 'Microsoft Defender Advanced Threat Protection'],
  ),
  product('Microsoft Defender for Identity', ['ATA', '98defdf7-f6c1-44f5-a1f6-943b6764e7a5'], ['Azure Advanced Threat Protection']),
  product('Microsoft Intune', ['INTUNE_A', '061f9ace-7d42-4136-88ac-31dc755f143f'], ['Intune', 'Microsoft Intune Plan 1', 'Intune Plan 1']),
  product('Microsoft Intune Suite', ['Microsoft_Intune_Suite', 'a929cd4d-8672-47c9-8664-159c1f322ba8']),
  product('Microsoft Entra ID Governance', ['Microsoft_Entra_ID_Governance', 'cf6b0d46-4093-4546-a0ab-0b1546dcc10e']),
  product('Microsoft 365 E5 Security', ['IDENTITY_THREAT_PROTECTION', '26124093-3d78-432b-b5dc-48bf992543d5']),
  product('Microsoft 365 E5 Compliance', ['INFORMATION_PROTECTION_COMPLIANCE', '184efa21-98c3-4e5d-95ab-d07053a96e67']),
  product(
    'Exchange Online Archiving for Exchange Online',
    ['EXCHANGEARCHIVE_ADDON', 'ee02fd1b-340e-4a4b-b355-4a514e4c8943'],
    ['Exchange Online Archiving'],
  ),
  product('Microsoft Teams Essentials', ['Teams_Ess', 'fde42873-30b6-436b-b361-21af5a6b84ae'], ['Teams Essentials']),
  product('Microsoft Teams Phone Resource Account', ['PHONESYSTEM_VIRTUALUSER', '440eaaa8-b3e0-484b-a8be-62870b9ba70a'], ['Microsoft 365 Phone System - Virtual User']),
  product('Microsoft Teams Rooms Basic', ['Microsoft_Teams_Rooms_Basic', '6af4b3d6-14bb-4a2a-960c-6c902aad34f3'], ['Teams Rooms Basic']),
  product('Microsoft Teams Rooms Pro', ['Microsoft_Teams_Rooms_Pro', '4cde982a-ede4-4409-9ae6-b003453c8ea6'], ['Teams Rooms Pro']),
  product('Microsoft Teams Rooms Standard', ['MEETING_ROOM', '6070a4c8-34c6-4937-8dfb-39bbc6397a60'], ['Teams Rooms Standard', 'Teams Meeting Room']),
  product('OneDrive for Business (Plan 1)', ['WACONEDRIVESTANDARD', 'e6778190-713e-4e4f-9119-8b8238de25df'], ['OneDrive Plan 1']),
  product('OneDrive for Business (Plan 2)', ['WACONEDRIVEENTERPRISE', 'ed01faf2-1d88-4947-ae91-45ca18703a96'], ['OneDrive Plan 2']),
  product('Power Apps Premium', ['POWERAPPS_PER_USER', 'b30411f5-fea1-4a59-9ad9-3db7c7ead579'], ['Power Apps per user plan']),
  product('Power Automate Premium', ['POWERAUTOMATE_ATTENDED_RPA', 'eda1941c-3c4f-4995-b5eb-e85a42175ab9'], ['Power Automate per user with attended RPA plan']),
  product('Power Automate per user plan', ['FLOW_PER_USER', '4a51bf65-409c-4a91-b845-1121b571cc9d']),
  product('Microsoft Power Automate Free', ['FLOW_FREE', 'f30db892-07e9-47e9-837c-80727f46fd3d'], ['Microsoft Flow Free', 'Power Automate Free']),
  product('Office 365 Multi-Geo Capabilities', ['OFFICE365_MULTIGEO', '84951599-62b7-46f3-9c9d-30551b2ad607'], ['Multi-Geo Capabilities in Office 365']),
  product('SharePoint Online (Plan 1)', ['SHAREPOINTSTANDARD', '1fc08a02-8b3d-43b9-831e-f76859e04e1a'], ['SharePoint Plan 1']),
  product('SharePoint Online (Plan 2)', ['SHAREPOINTENTERPRISE', 'a9732ec9-17d9-494c-a51c-d6b45b384dcb'], ['SharePoint Plan 2']),
  product('Windows 365 Business 1 vCPU 2 GB 64 GB', ['CPC_B_1C_2RAM_64GB', '816eacd3-e1e3-46b3-83c8-1ffd37e053d9']),
  product('Windows 365 Business 2 vCPU 4 GB 64 GB', ['CPC_B_2C_4RAM_64GB', '42e6818f-8966-444b-b7ac-0027c83fa8b5']),
  product('Windows 365 Business 2 vCPU 4 GB 256 GB', ['CPC_B_2C_4RAM_256GB', '805d57c3-a97d-4c12-a1d0-858ffe5015d0']),
  product('Windows 365 Business 2 vCPU 8 GB 256 GB', ['CPC_B_2C_8RAM_256GB', '750d9542-a2f8-41c7-8c81-311352173432']),
  product('Windows 365 Business 4 vCPU 16 GB 128 GB', ['CPC_B_4C_16RAM_128GB', 'ad83ac17-4a5a-4ebb-adb2-079fb277e8b9']),
]; // prettier-ignore
