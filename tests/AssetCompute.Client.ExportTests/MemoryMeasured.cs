namespace AssetCompute.Client.ExportTests;

/// <summary>Tests that measure the memory of a process and therefore don't run in parallel with other tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryMeasured : ICollectionFixture<RuntimeDefaults>
{
    public const string Name = "Memory is measured";
}
