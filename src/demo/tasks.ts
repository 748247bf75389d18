/**
 * The demo's work: a small text toolkit, one module a task, in four layers.
 *
 * Owns the list that plan, script and project files are made from. Later layers really import earlier ones, so a task that
 * started too early would fail its check.
 */

export interface DemoTask {
  id: string;
  layer: 1 | 2 | 3 | 4;
  /** Module and function name. */
  name: string;
  title: string;
  needs: readonly string[];
  /** Body of the module; `needs` are imported by name. */
  code: string;
  /** An expression of the module's function that must be true. */
  holds: string;
  /** How long the scripted agent takes, in milliseconds. */
  workMs: number;
  /** What its first agent does wrong. */
  fault?: 'crash' | 'lie' | 'outside-scope' | 'hang' | 'question';
}

export const layerTitles: Readonly<Record<DemoTask['layer'], string>> = {
  1: 'Letters and words',
  2: 'Lines',
  3: 'Documents',
  4: 'Reports',
};

export const demoTasks: readonly DemoTask[] = [
  { id: 'T01', layer: 1, name: 'trim', title: 'Trim white space', needs: [], code: 'text.trim()', holds: "trim('  a ') === 'a'", workMs: 500 },
  { id: 'T02', layer: 1, name: 'words', title: 'Split into words', needs: [], code: 'text.split(/\\s+/).filter(Boolean)', holds: "words('a b').length === 2", workMs: 900 },
  { id: 'T03', layer: 1, name: 'lines', title: 'Split into lines', needs: [], code: 'text.split(/\\r?\\n/)', holds: "lines('a\\nb').length === 2", workMs: 700 },
  { id: 'T04', layer: 1, name: 'capital', title: 'Capitalise the first letter', needs: [], code: 'text.charAt(0).toUpperCase() + text.slice(1)', holds: "capital('ab') === 'Ab'", workMs: 600 },
  { id: 'T05', layer: 1, name: 'reverse', title: 'Reverse the letters', needs: [], code: "[...text].reverse().join('')", holds: "reverse('abc') === 'cba'", workMs: 500, fault: 'crash' },
  { id: 'T06', layer: 1, name: 'vowels', title: 'Count the vowels', needs: [], code: '(text.match(/[aeiou]/gi) ?? []).length', holds: "vowels('hello') === 2", workMs: 400 },
  { id: 'T07', layer: 1, name: 'repeat', title: 'Repeat a text', needs: [], code: 'text + text', holds: "repeat('ab') === 'abab'", workMs: 500 },
  { id: 'T08', layer: 2, name: 'wordCount', title: 'Count the words', needs: ['words'], code: 'words(text).length', holds: "wordCount('a b c') === 3", workMs: 600 },
  { id: 'T09', layer: 2, name: 'lineCount', title: 'Count the lines', needs: ['lines'], code: 'lines(text).length', holds: "lineCount('a\\nb') === 2", workMs: 500, fault: 'lie' },
  { id: 'T10', layer: 2, name: 'titleCase', title: 'Capitalise every word', needs: ['words', 'capital'], code: "words(text).map(capital).join(' ')", holds: "titleCase('a b') === 'A B'", workMs: 800 },
  { id: 'T11', layer: 2, name: 'longest', title: 'Find the longest word', needs: ['words'], code: "words(text).reduce((best, word) => (word.length > best.length ? word : best), '')", holds: "longest('a bbb cc') === 'bbb'", workMs: 700 },
  { id: 'T12', layer: 2, name: 'trimLines', title: 'Trim every line', needs: ['lines', 'trim'], code: "lines(text).map(trim).join('\\n')", holds: "trimLines(' a \\n b ') === 'a\\nb'", workMs: 500, fault: 'outside-scope' },
  { id: 'T13', layer: 2, name: 'palindrome', title: 'Recognise palindromes', needs: ['reverse'], code: 'reverse(text) === text', holds: "palindrome('abba') && !palindrome('ab')", workMs: 500 },
  { id: 'T14', layer: 2, name: 'initials', title: 'Take the initials', needs: ['words', 'capital'], code: "words(text).map((word) => capital(word).charAt(0)).join('')", holds: "initials('ada lovelace') === 'AL'", workMs: 600 },
  { id: 'T15', layer: 3, name: 'average', title: 'Average words per line', needs: ['wordCount', 'lineCount'], code: 'wordCount(text) / lineCount(text)', holds: "average('a b\\nc d') === 2", workMs: 600 },
  { id: 'T16', layer: 3, name: 'headline', title: 'Make a headline', needs: ['titleCase', 'trim'], code: 'titleCase(trim(text))', holds: "headline(' a b ') === 'A B'", workMs: 700 },
  { id: 'T17', layer: 3, name: 'mirror', title: 'Mirror every line', needs: ['lines', 'reverse'], code: "lines(text).map(reverse).join('\\n')", holds: "mirror('ab\\ncd') === 'ba\\ndc'", workMs: 500, fault: 'hang' },
  { id: 'T18', layer: 3, name: 'tidy', title: 'Tidy a document', needs: ['trimLines', 'trim'], code: 'trim(trimLines(text))', holds: "tidy(' a \\n') === 'a'", workMs: 600 },
  { id: 'T19', layer: 3, name: 'density', title: 'Vowels per word', needs: ['vowels', 'wordCount'], code: 'vowels(text) / wordCount(text)', holds: "density('aa bb') === 1", workMs: 500 },
  { id: 'T20', layer: 3, name: 'palindromes', title: 'List the palindromes', needs: ['words', 'palindrome'], code: 'words(text).filter(palindrome)', holds: "palindromes('abba ab').length === 1", workMs: 700 },
  { id: 'T21', layer: 4, name: 'summary', title: 'Summarise a document', needs: ['average', 'headline'], code: '`${headline(text)}: ${average(text)} words a line`', holds: "summary('a b') === 'A B: 2 words a line'", workMs: 600 },
  { id: 'T22', layer: 4, name: 'poster', title: 'Print a poster', needs: ['headline', 'repeat'], code: 'repeat(headline(text))', holds: "poster('a') === 'AA'", workMs: 500 },
  { id: 'T23', layer: 4, name: 'puzzle', title: 'Make a puzzle', needs: ['mirror', 'tidy'], code: 'mirror(tidy(text))', holds: "puzzle(' ab ') === 'ba'", workMs: 600 },
  { id: 'T24', layer: 4, name: 'statistics', title: 'Statistics of a document', needs: ['density', 'longest'], code: '({ density: density(text), longest: longest(text) })', holds: "statistics('aa b').longest === 'aa'", workMs: 700 },
  { id: 'T25', layer: 4, name: 'curiosities', title: 'Curiosities of a document', needs: ['palindromes', 'initials'], code: '({ palindromes: palindromes(text), initials: initials(text) })', holds: "curiosities('abba').initials === 'A'", workMs: 600 },
  { id: 'T26', layer: 4, name: 'dateline', title: 'Put a date line on top', needs: ['headline'], code: 'headline(text)', holds: "dateline('a') === 'A'", workMs: 400, fault: 'question' },
];
