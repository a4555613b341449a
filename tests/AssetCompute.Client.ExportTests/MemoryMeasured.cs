namespace AssetCompute.Client.ExportTests;

/// <summary>Tests that measure a process, so nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryMeasured
{
    public const string Name = "Memory is measured";
}
