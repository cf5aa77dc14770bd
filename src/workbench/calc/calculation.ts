/** Placeholder */
import type { Workbook } from '../model/workbook.ts';
import type { CustomFunctions } from './custom-functions.ts';
export interface Calculation {
  flush(): void;
  idle(): Promise<void>;
}
export function createCalculation(_b: Workbook, _f: CustomFunctions): Calculation {
  return {
    flush() {
      /* */
    },
    idle: () => Promise.resolve(),
  };
}
