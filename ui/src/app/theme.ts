// SPDX-License-Identifier: Apache-2.0
import {
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#edf2fe',
  '#dbe5fd',
  '#c1d0fb',
  '#9fb5f6',
  '#7d97ee',
  '#5a7ae5',
  '#3e63dd',
  '#3557c8',
  '#2c49ab',
  '#233b8b',
];
const teal: MantineColorsTuple = [
  '#e7f7f5',
  '#c9ece7',
  '#a0ddd5',
  '#6dcabe',
  '#3fb8a9',
  '#12a594',
  '#0f8f80',
  '#0c7569',
  '#0a5c53',
  '#07453e',
];
const amber: MantineColorsTuple = [
  '#fff6e5',
  '#ffe8c0',
  '#ffd58c',
  '#fcbd52',
  '#f0a321',
  '#e08a00',
  '#bd7300',
  '#955a00',
  '#744600',
  '#553300',
];
const red: MantineColorsTuple = [
  '#ffefef',
  '#ffdcdc',
  '#ffbdbe',
  '#f99496',
  '#f06a6e',
  '#e5484d',
  '#cd2b31',
  '#a92429',
  '#861c20',
  '#641518',
];
const dark: MantineColorsTuple = [
  '#eceef1',
  '#c9cdd4',
  '#a5abb5',
  '#7d848f',
  '#474c56',
  '#2a2d34',
  '#22252b',
  '#17191d',
  '#101215',
  '#0b0d0f',
];
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f1f4',
  '#e6e8ec',
  '#d7dae0',
  '#c0c5cd',
  '#9299a4',
  '#6f7682',
  '#5b616b',
  '#3a3f47',
  '#1c2024',
];

/** Mantine's light variant misses a contrast of 4.5:1; the text is mixed toward black or white instead. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant !== 'light') return resolved;
  const name = input.color ?? input.theme.primaryColor;
  if (!(name in input.theme.colors)) return resolved;
  const base = `var(--mantine-color-${name}-5)`;
  return {
    background: `color-mix(in srgb, ${base} 16%, transparent)`,
    hover: `color-mix(in srgb, ${base} 24%, transparent)`,
    color: `light-dark(color-mix(in srgb, ${base} 48%, black), color-mix(in srgb, ${base} 60%, white))`,
    border: 'transparent',
  };
};

/** The key under which the chosen colour scheme is kept; public/theme.js reads it too. */
export const SCHEME_KEY = 'dangol-scheme';

export const colorSchemeManager = localStorageColorSchemeManager({ key: SCHEME_KEY });

const control = { size: 'sm' } as const;

/** The Mantine theme made of the design tokens of frontend.md section 7. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent, teal, amber, red, dark, gray },
  variantColorResolver,
  autoContrast: false,
  black: '#1c2024',
  fontFamily: "'Pretendard Variable', Pretendard, 'Noto Sans KR', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.4', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.4' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '5px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '15px' }, h2: { fontSize: '14px' }, h3: { fontSize: '13px' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: control },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 30 } },
    TextInput: { defaultProps: control },
    NumberInput: { defaultProps: control },
    PasswordInput: { defaultProps: control },
    Textarea: { defaultProps: { ...control, autosize: true, minRows: 2 } },
    Select: { defaultProps: { ...control, checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: control },
    Autocomplete: { defaultProps: control },
    TagsInput: { defaultProps: control },
    DateInput: { defaultProps: { ...control, valueFormat: 'YYYY-MM-DD' } },
    DatePickerInput: { defaultProps: { ...control, valueFormat: 'YYYY-MM-DD' } },
    FileInput: { defaultProps: control },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tabs: { defaultProps: { keepMounted: false } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', size: 'md' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, multiline: true, fz: 12 } },
    Menu: {
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: 'md',
        position: 'bottom-end',
        transitionProps: { duration: 100 },
      },
    },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 100 } } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        transitionProps: { duration: 120 },
        overlayProps: { opacity: 0.35 },
      },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 130 }, overlayProps: { opacity: 0.25 } } },
    Loader: { defaultProps: { size: 18, type: 'oval' } },
    Skeleton: { defaultProps: { radius: 'sm' } },
    Progress: { defaultProps: { size: 'sm', radius: 'xl' } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Paper: { defaultProps: { radius: 'lg', withBorder: true } },
  },
});
