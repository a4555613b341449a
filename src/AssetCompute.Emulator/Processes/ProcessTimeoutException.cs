namespace AssetCompute.Emulator;

/// <summary>A child process was killed because its time was over.</summary>
internal sealed class ProcessTimeoutException(TimeSpan timeLimit) : Exception($"The process was killed after {timeLimit.TotalSeconds:0.###} seconds.")
{
    public TimeSpan TimeLimit => timeLimit;
}
