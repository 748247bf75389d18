/** How the dashboard looks: dense and quiet. Colour belongs to states, so that what acts is ink on paper. */
import {
  defaultVariantColorsResolver,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core';

const ink: MantineColorsTuple = [
  '#f4f5f7',
  '#e6e8eb',
  '#ced2d8',
  '#aab1ba',
  '#838c98',
  '#626c79',
  '#49525e',
  '#343b45',
  '#23282f',
  '#14171c',
];

export const theme: MantineThemeOverride = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  autoContrast: true,
  colors: {
    ink,
    dark: [
      '#d5d9de',
      '#b4bac2',
      '#8d959f',
      '#6b747f',
      '#3f464f',
      '#30363e',
      '#22272e',
      '#191d23',
      '#13161b',
      '#0d0f13',
    ],
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13.5px', md: '15px' },
  headings: { fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Ink turns over with the paper, which the kit reckons for one of both alone.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === 'filled' && (input.color ?? 'ink') === 'ink'
      ? { ...colors, color: 'light-dark(#fff, #14171c)' }
      : colors;
  },
  components: {
    Switch: { defaultProps: { withThumbIndicator: false } },
    // A menu holds entries and nothing else, and its first has the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Button: { styles: { label: { fontWeight: 500 } } },
  },
});

/** Quiet text that can still be read: 4.5 to 1 against every ground it stands on. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b646f',
    '--mantine-color-placeholder': '#68717c',
    '--mantine-color-anchor': '#23282f',
  },
  dark: {
    '--mantine-color-dimmed': '#9aa3ad',
    '--mantine-color-placeholder': '#8d959f',
    '--mantine-color-anchor': '#e6e8eb',
  },
});
