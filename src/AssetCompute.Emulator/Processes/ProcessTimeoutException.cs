namespace AssetCompute.Emulator;

/// <summary>A child process was killed because it exceeded its time limit.</summary>
internal sealed class ProcessTimeoutException(TimeSpan timeLimit) : Exception($"The process was killed after {timeLimit.TotalSeconds:0.###} seconds.")
{
    public TimeSpan TimeLimit => timeLimit;
}
