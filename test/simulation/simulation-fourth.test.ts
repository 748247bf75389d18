import { testSeeds } from './shard.ts';

// The seeds are spread over four files, so that all cores share them.
testSeeds(3001, 500);
