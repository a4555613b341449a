using AssetCompute.Client.Benchmarks.Comparison;

await Contestant.RunAsync(args);
