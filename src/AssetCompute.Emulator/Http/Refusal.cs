namespace AssetCompute.Emulator;

/// <summary>A refused call, with the status to return and the reason.</summary>
internal sealed class Refusal(int status, string message) : Exception(message)
{
    public int Status => status;
}
