/** Microsoft's side of what the distributor of the sample sold: a tenant for each of its companies. */
import type { SampleSubscription, SampleVendors } from '../../sample/model.ts';

export interface MicrosoftProduct {
  readonly skuId: string;
  readonly partNumber: string;
  readonly offerName: string;
}

/** By the id of the new commerce; what is not here is not Microsoft's. */
const PRODUCTS: Readonly<Record<string, MicrosoftProduct>> = {
  'CFQ7TTC0LH18:0001': {
    skuId: '3b555118-da6a-4418-894f-7df1e2096870',
    partNumber: 'O365_BUSINESS_ESSENTIALS',
    offerName: 'Microsoft 365 Business Basic',
  },
  'CFQ7TTC0LDPB:0001': {
    skuId: 'f245ecc8-75af-4f8e-b61f-27d8114de5f3',
    partNumber: 'O365_BUSINESS_PREMIUM',
    offerName: 'Microsoft 365 Business Standard',
  },
  'CFQ7TTC0LCHC:0002': {
    skuId: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
    partNumber: 'SPB',
    offerName: 'Microsoft 365 Business Premium',
  },
  'CFQ7TTC0LFLX:0001': {
    skuId: 'dcf0408c-aaec-446c-afd4-43e3683943ea',
    partNumber: 'Microsoft_365_E3_(no_Teams)',
    offerName: 'Microsoft 365 E3 (no Teams)',
  },
};

export interface MicrosoftSale {
  readonly product: MicrosoftProduct;
  readonly subscription: SampleSubscription;
}

/** Without the free products, which no distributor has to sell. */
export function salesOf(vendors: SampleVendors, tenantId: string): MicrosoftSale[] {
  return vendors.pax8.subscriptions.flatMap((subscription) => {
    const product = PRODUCTS[subscription.vendorSkuId];
    return product && subscription.companyId === tenantId ? [{ product, subscription }] : [];
  });
}
