/** Colours that canvases draw with: those of the statuses and of the paper, for light and dark. */
import type { TaskStatus } from '../../../../src/api/contract.ts';
import { statusLooks } from '../../parts/status.ts';

export interface Palette {
  ink: (status: TaskStatus) => string;
  paper: string;
  raised: string;
  line: string;
  faint: string;
  text: string;
  dimmed: string;
}

/** As `Status.module.css` has them: light, dark. */
const inks: Readonly<Record<string, readonly [string, string]>> = {
  orange: ['#b8400a', '#ffa066'],
  blue: ['#1761b0', '#74b9ff'],
  violet: ['#6741c8', '#b8a1ff'],
  teal: ['#0b7261', '#4fd6bb'],
  cyan: ['#0b7285', '#66d9e8'],
  yellow: ['#8a5a00', '#ffd35c'],
  green: ['#2b7a33', '#7ddb88'],
  red: ['#c2222f', '#ff8f8f'],
  gray: ['#5c636a', '#a1a8b0'],
};

const papers = {
  light: {
    paper: '#ffffff',
    raised: '#f7f8fa',
    line: '#aab1ba',
    faint: '#dfe3e8',
    text: '#14171c',
    dimmed: '#626c79',
  },
  dark: { paper: '#13161b', raised: '#191d23', line: '#59626d', faint: '#2b3138', text: '#d5d9de', dimmed: '#8d959f' },
} as const;

/** The ink of a colour of the theme. */
export function inkOf(color: string, scheme: 'light' | 'dark'): string {
  return (inks[color] ?? inks['gray'])?.[scheme === 'light' ? 0 : 1] ?? '#808080';
}

export function paletteOf(scheme: 'light' | 'dark'): Palette {
  return { ...papers[scheme], ink: (status) => inkOf(statusLooks[status].color, scheme) };
}
