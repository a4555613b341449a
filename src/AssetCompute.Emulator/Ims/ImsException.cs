namespace AssetCompute.Emulator;

/// <summary>A sign-in that IMS refuses, with its error and description.</summary>
internal sealed class ImsException(int status, string error, string description) : Exception($"{error}: {description}")
{
    public int Status => status;

    public string Error => error;

    public string Description => description;
}
