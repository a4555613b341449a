using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AssetExport.Network;

/// <summary>A proxy between client and server. Each cut closes one connection after a number of bytes to the server.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<int> _cuts = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private long _sent;

    public CuttingProxy(int port)
    {
        _listener.Start();
        _serving = ServeAsync(port);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long Sent => Interlocked.Read(ref _sent);

    public void CutAfter(int bytes) => _cuts.Enqueue(bytes);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(int port)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), port));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client, int port)
    {
        using (client)
        using (TcpClient server = new())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, port, _stopping.Token);
                Task back = server.GetStream().CopyToAsync(client.GetStream(), _stopping.Token);
                long left = _cuts.TryDequeue(out int cut) ? cut : long.MaxValue;
                byte[] buffer = new byte[16 << 10];
                for (int count; left > 0 && (count = await client.GetStream().ReadAsync(buffer, _stopping.Token)) > 0; left -= count)
                {
                    Interlocked.Add(ref _sent, count);
                    await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // Both ends are closed.
            }
        }
    }
}
