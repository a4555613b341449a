namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Records progress reports in the order they arrive.</summary>
internal sealed class ProgressLog<T>(List<T> log) : IProgress<T>
{
    public void Report(T value)
    {
        lock (log)
        {
            log.Add(value);
        }
    }
}
