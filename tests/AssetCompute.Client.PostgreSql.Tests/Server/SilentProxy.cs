using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests.Server;

/// <summary>Passes bytes between clients and a server until it falls silent. Connections then stay open, but pass no more bytes.</summary>
internal sealed class SilentProxy : IAsyncDisposable
{
    private readonly UnixDomainSocketEndPoint _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _silence = new();
    private readonly List<Socket> _connections = [];
    private readonly List<Task> _passing = [];
    private readonly Task _accepting;

    /// <param name="connectionString">The server's connection string, with the folder of its socket as the host.</param>
    public SilentProxy(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder = new(connectionString);
        _server = new UnixDomainSocketEndPoint(Path.Combine(builder.Host!, $".s.PGSQL.{builder.Port}"));
        _listener.Start();
        builder.Host = "127.0.0.1";
        builder.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = builder.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    public void FallSilent() => _silence.Cancel();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _connections.ForEach(static connection => connection.Dispose());
        await Task.WhenAll(_passing);
        _silence.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                _connections.Add(client);
                if (!_silence.IsCancellationRequested)
                {
                    Socket upstream = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    _connections.Add(upstream);
                    await upstream.ConnectAsync(_server);
                    _passing.Add(PassAsync(client, upstream));
                    _passing.Add(PassAsync(upstream, client));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[8192];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, _silence.Token)) > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, count), _silence.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is silent, or one side has closed its connection.
        }
    }
}
