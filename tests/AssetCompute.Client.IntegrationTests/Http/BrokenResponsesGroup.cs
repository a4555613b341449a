namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>Tests that measure memory and short durations and therefore don't run in parallel with other tests.</summary>
[CollectionDefinition("Broken responses", DisableParallelization = true)]
public class BrokenResponsesGroup;
