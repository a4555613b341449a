using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AssetCompute.Emulator.Tests;

/// <summary>An address of this machine that is not on the loopback interface. Calls to it never leave the machine.</summary>
internal static class MachineAddress
{
    public static IPAddress Get()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(address is null, "This machine has no network.");
        return address!;
    }
}
