/** Excel.ConditionalFormatCollection with rules of the type Custom, the only one MCC writes. */
import { formatRect, intersect } from '../model/a1.ts';
import { clearConditionalFormats } from '../model/edit.ts';
import { hostError } from '../model/errors.ts';
import { announce, nextId, type ConditionalFormat } from '../model/workbook.ts';
import { bind, missing, type HostObject, type HostType } from '../richapi/host-object.ts';
import { colour, flag, text, whole } from './arguments.ts';
import type { RangeSelf } from './objects.ts';

interface RuleSelf {
  readonly owner: RangeSelf;
  readonly rule: ConditionalFormat;
}

export const conditionalFormats = (self: RangeSelf): HostObject => bind(ruleCollectionType, self);

const within = (self: RangeSelf): ConditionalFormat[] =>
  self.sheet.conditionalFormats.filter((rule) =>
    rule.rects.some((one) => intersect(one, self.rect)),
  );

const bound = (owner: RangeSelf, rule: ConditionalFormat): HostObject =>
  bind(ruleType, { owner, rule });

export const ruleCollectionType: HostType<RangeSelf> = {
  name: 'ConditionalFormatCollection',
  methods: {
    Add: (self, type) => {
      if (type !== 'Custom') missing('ConditionalFormatCollection', `Add(${String(type)})`);
      const rule: ConditionalFormat = {
        id: nextId(self.objects.book),
        rects: [self.rect],
        formula: '',
        fill: null,
        fontColor: null,
        bold: null,
        stopIfTrue: false,
      };
      // A new rule has the highest priority, as in Excel.
      self.sheet.conditionalFormats.unshift(rule);
      changed({ owner: self, rule });
      return bound(self, rule);
    },
    ClearAll: ({ objects: { book }, sheet, rect }) => clearConditionalFormats(book, sheet, rect),
    GetCount: (self) => within(self).length,
    GetItem: (self, id) => {
      const rule = within(self).find((one) => one.id === id);
      if (!rule) throw hostError('ItemNotFound');
      return bound(self, rule);
    },
    GetItemAt: (self, index) => {
      const rule = within(self)[whole(index)];
      if (!rule) throw hostError('InvalidArgument');
      return bound(self, rule);
    },
  },
  items: (self) => within(self).map((rule) => bound(self, rule)),
};

function changed({ owner: { objects, sheet, rect } }: RuleSelf): void {
  announce(objects.book, { kind: 'format', sheet, rect });
}

export const ruleType: HostType<RuleSelf> = {
  name: 'ConditionalFormat',
  id: ({ rule }) => rule.id,
  scalars: {
    Id: ({ rule }) => rule.id,
    Priority: ({ owner, rule }) => owner.sheet.conditionalFormats.indexOf(rule),
    StopIfTrue: ({ rule }) => rule.stopIfTrue,
    Type: () => 'Custom',
  },
  setters: {
    Priority: (self, value) => {
      const rules = self.owner.sheet.conditionalFormats;
      rules.splice(rules.indexOf(self.rule), 1);
      rules.splice(whole(value), 0, self.rule);
      changed(self);
    },
    StopIfTrue: (self, value) => {
      self.rule.stopIfTrue = flag(value);
      changed(self);
    },
  },
  links: {
    Custom: (self) => bind(customType, self),
    CustomOrNullObject: (self) => bind(customType, self),
  },
  methods: {
    Delete: (self) => {
      const rules = self.owner.sheet.conditionalFormats;
      rules.splice(rules.indexOf(self.rule), 1);
      changed(self);
    },
    GetRange: ({ owner: { objects, sheet }, rule }) => {
      const [rect] = rule.rects;
      if (!rect || rule.rects.length > 1) {
        throw hostError(
          'InvalidOperation',
          `The rule covers ${rule.rects.map(formatRect).join()}.`,
        );
      }
      return objects.range(sheet, rect);
    },
  },
};

export const customType: HostType<RuleSelf> = {
  name: 'CustomConditionalFormat',
  links: {
    Format: (self) => bind(ruleFormatType, self),
    Rule: (self) => bind(ruleFormulaType, self),
  },
};

const setFormula = (self: RuleSelf, value: unknown): void => {
  self.rule.formula = text(value);
  changed(self);
};

export const ruleFormulaType: HostType<RuleSelf> = {
  name: 'ConditionalFormatRule',
  scalars: { Formula: ({ rule }) => rule.formula, FormulaLocal: ({ rule }) => rule.formula },
  setters: { Formula: setFormula, FormulaLocal: setFormula },
};

export const ruleFormatType: HostType<RuleSelf> = {
  name: 'ConditionalRangeFormat',
  links: {
    Fill: (self) => bind(ruleFillType, self),
    Font: (self) => bind(ruleFontType, self),
  },
};

export const ruleFillType: HostType<RuleSelf> = {
  name: 'ConditionalRangeFill',
  scalars: { Color: ({ rule }) => rule.fill ?? '' },
  setters: {
    Color: (self, value) => {
      self.rule.fill = colour(value);
      changed(self);
    },
  },
};

export const ruleFontType: HostType<RuleSelf> = {
  name: 'ConditionalRangeFont',
  scalars: { Color: ({ rule }) => rule.fontColor ?? '', Bold: ({ rule }) => rule.bold },
  setters: {
    Color: (self, value) => {
      self.rule.fontColor = colour(value);
      changed(self);
    },
    Bold: (self, value) => {
      self.rule.bold = flag(value);
      changed(self);
    },
  },
};
