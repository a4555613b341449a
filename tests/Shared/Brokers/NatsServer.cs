using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.Brokers;

/// <summary>NATS with JetStream in a separate folder.</summary>
internal sealed class NatsServer : ServerProcess
{
    protected override int Port { get; } = FreePort();

    public string Url => $"nats://127.0.0.1:{Port}";

    protected override ProcessStartInfo Command() =>
        new("nats-server", ["--addr", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--jetstream", "--store_dir", Path.Combine(Folder, "store")]);
}
