/** What may be sent to the books, as strict as the contract of Conductor 14.23.6. */
import * as z from 'zod';

z.config(z.locales.en());

const ObjectId = z.string().max(36);
const Day = z.iso.date();
const Rate = z
  .string()
  .regex(/^-?\d{1,10}(\.\d{1,5})?$/, 'must be a decimal text of at most 5 decimals');
const Amount = z
  .string()
  .regex(/^-?\d{1,13}(\.\d{2})?$/, 'must be a decimal text of exactly 2 decimals');

const Address = z.strictObject({
  line1: z.string().max(41).optional(),
  line2: z.string().max(41).optional(),
  line3: z.string().max(41).optional(),
  line4: z.string().max(41).optional(),
  line5: z.string().max(41).optional(),
  city: z.string().max(31).optional(),
  state: z.string().max(21).optional(),
  postalCode: z.string().max(13).optional(),
  country: z.string().optional(),
  note: z.string().optional(),
});

const CustomField = z.strictObject({ ownerId: z.string(), name: z.string(), value: z.string() });

const LineBody = z.strictObject({
  itemId: ObjectId.optional(),
  description: z.string().optional(),
  quantity: z.number().optional(),
  unitOfMeasure: z.string().optional(),
  rate: Rate.optional(),
  ratePercent: z.string().optional(),
  priceLevelId: ObjectId.optional(),
  classId: ObjectId.optional(),
  amount: Amount.optional(),
  priceRuleConflictStrategy: z.enum(['base_price', 'zero']).optional(),
  inventorySiteId: ObjectId.optional(),
  inventorySiteLocationId: ObjectId.optional(),
  serialNumber: z.string().optional(),
  lotNumber: z.string().optional(),
  serviceDate: Day.optional(),
  salesTaxCodeId: ObjectId.optional(),
  overrideItemAccountId: ObjectId.optional(),
  otherCustomField1: z.string().optional(),
  otherCustomField2: z.string().optional(),
  customFields: z.array(CustomField).min(1).optional(),
});

const common = {
  customerId: ObjectId,
  classId: ObjectId.optional(),
  receivablesAccountId: ObjectId.optional(),
  documentTemplateId: ObjectId.optional(),
  transactionDate: Day,
  refNumber: z.string().max(11).optional(),
  billingAddress: Address.optional(),
  shippingAddress: Address.optional(),
  isPending: z.boolean().optional(),
  purchaseOrderNumber: z.string().max(25).optional(),
  termsId: ObjectId.optional(),
  dueDate: Day.optional(),
  salesRepresentativeId: ObjectId.optional(),
  shipmentOrigin: z.string().max(13).optional(),
  shippingDate: Day.optional(),
  shippingMethodId: ObjectId.optional(),
  salesTaxItemId: ObjectId.optional(),
  memo: z.string().optional(),
  customerMessageId: ObjectId.optional(),
  isQueuedForPrint: z.boolean().optional(),
  isQueuedForEmail: z.boolean().optional(),
  salesTaxCodeId: ObjectId.optional(),
  otherCustomField: z.string().optional(),
  exchangeRate: z.number().optional(),
  externalId: z.uuid().optional(),
  lines: z.array(LineBody).min(1).optional(),
};

export const InvoiceBody = z.strictObject({ ...common, isFinanceCharge: z.boolean().optional() });
export const CreditMemoBody = z.strictObject(common);

/** Of an update only what a person in the office would touch is played here. */
export const UpdateBody = z.strictObject({
  revisionNumber: z.string(),
  transactionDate: Day.optional(),
  refNumber: z.string().max(11).optional(),
  memo: z.string().optional(),
  dueDate: Day.optional(),
  isQueuedForEmail: z.boolean().optional(),
});

export type DocumentBody = z.infer<typeof CreditMemoBody>;
export type LineBody = z.infer<typeof LineBody>;

/** The first thing that is wrong, naming its field. */
export function firstTrouble(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not a known field.`;
  return `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is not valid'}.`;
}
