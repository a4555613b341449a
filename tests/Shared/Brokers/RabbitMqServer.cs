using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.Brokers;

/// <summary>RabbitMQ as the current user, with a separate node, Erlang port mapper, ports, and folders.</summary>
internal sealed class RabbitMqServer : ServerProcess
{
    // The scripts in the search path switch to another user; these don't.
    private static readonly string s_program = new[] { "/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server", "/usr/local/sbin/rabbitmq-server" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("RabbitMQ is missing: install the package rabbitmq-server.");

    private readonly string _node = $"test{Guid.NewGuid():N}@localhost";
    private readonly int _mapperPort = FreePort();
    private readonly int _distributionPort = FreePort();

    protected override int Port { get; } = FreePort();

    public string Url => $"amqp://guest:guest@127.0.0.1:{Port}";

    public override async ValueTask DisposeAsync()
    {
        await KillAsync();

        // The port mapper is a separate process that the node starts and that outlives the node.
        ProcessStartInfo kill = new("epmd", ["-port", _mapperPort.ToString(CultureInfo.InvariantCulture), "-kill"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        kill.Environment["ERL_EPMD_RELAXED_COMMAND_CHECK"] = "true";
        using (Process process = Process.Start(kill)!)
        {
            await process.WaitForExitAsync();
        }

        await base.DisposeAsync();
    }

    protected override ProcessStartInfo Command()
    {
        string plugins = Path.Combine(Folder, "enabled_plugins");
        File.WriteAllText(plugins, "[].");
        ProcessStartInfo start = new(s_program) { WorkingDirectory = Folder };
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["HOME"] = Folder,
            ["RABBITMQ_NODENAME"] = _node,
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_PORT"] = _mapperPort.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_RELAXED_COMMAND_CHECK"] = "true",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(Folder, "logs"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(Folder, "none.conf"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Folder, "none"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(Folder, "pid"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none",
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
