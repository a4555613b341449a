[assembly: AssemblyFixture(typeof(AssetCompute.Client.PackageTests.OtherClone))]

namespace AssetCompute.Client.PackageTests;

/// <summary>A second clone in another folder. Tests build the samples in it while others use the packages of the first one.</summary>
public sealed class OtherClone : IDisposable
{
    internal Clone Clone { get; } = new();

    public void Dispose() => Clone.Dispose();
}
