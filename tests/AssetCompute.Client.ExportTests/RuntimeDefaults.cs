namespace AssetCompute.Client.ExportTests;

/// <summary>Removes the setting of tests/run.sh that lowers the memory use of .NET programs.</summary>
public sealed class RuntimeDefaults : IDisposable
{
    private const string Setting = "DOTNET_EnableWriteXorExecute";

    private readonly string? _value = Environment.GetEnvironmentVariable(Setting);

    public RuntimeDefaults() => Environment.SetEnvironmentVariable(Setting, null);

    public void Dispose() => Environment.SetEnvironmentVariable(Setting, _value);
}
