namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Reports in the order in which they come.</summary>
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
