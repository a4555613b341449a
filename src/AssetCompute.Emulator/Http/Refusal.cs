namespace AssetCompute.Emulator;

/// <summary>A call that is refused: the status that its caller gets, and why.</summary>
internal class Refusal(int status, string message, Exception? cause = null) : Exception(message, cause)
{
    public int Status => status;
}
