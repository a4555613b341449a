using System.Reflection;
using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Tests.Inbox;

/// <summary>The dependencies of the inbox: it depends on the client, but not on ASP.NET Core or the packages of a higher layer.</summary>
public sealed class PackageFloorTests
{
    private static readonly Assembly s_inbox = typeof(IEventInbox).Assembly;

    [Fact]
    public void Inbox_RefersToTheClientOnly() =>
        Assert.Equal(
            ["AssetCompute.Client"],
            s_inbox.GetReferencedAssemblies().Select(assembly => assembly.Name).Where(name => name!.StartsWith("AssetCompute", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));

    [Fact]
    public void Client_ShowsTheInboxItsPublicFaceOnly() =>
        Assert.DoesNotContain(
            typeof(IAssetComputeClient).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>(),
            friend => !friend.AssemblyName.EndsWith("Tests", StringComparison.Ordinal));
}
