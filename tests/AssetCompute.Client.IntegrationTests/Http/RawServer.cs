using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>A socket server that reads a request and leaves the response to the test.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<RawExchange, Task> _answer;
    private readonly Task _accepting;
    private readonly List<Task> _connections = [];
    private int _requests;

    public RawServer(Func<RawExchange, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    public int Requests => Volatile.Read(ref _requests);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                TcpClient connection = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _connections.Add(ServeAsync(connection));
            }
        }
        catch (Exception exception) when (_stopping.IsCancellationRequested && exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The server stopped while it was accepting a connection, or just before.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                NetworkStream stream = connection.GetStream();
                string? head = await ReadRequestAsync(stream);
                if (head is not null)
                {
                    int number = Interlocked.Increment(ref _requests);
                    await _answer(new RawExchange(connection.Client, stream, head, number, _stopping.Token));
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client closed the connection, which some tests expect.
            }
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), _stopping.Token);
            if (read == 0)
            {
                return null;
            }

            length += read;
            int end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                continue;
            }

            string head = Encoding.ASCII.GetString(buffer, 0, end);
            int missing = ContentLength(head) - (length - end - 4);
            if (missing > 0)
            {
                await stream.ReadExactlyAsync(new byte[missing], _stopping.Token);
            }

            return head;
        }
    }

    private static int ContentLength(string head)
    {
        string? header = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return header is null ? 0 : int.Parse(header["Content-Length:".Length..], CultureInfo.InvariantCulture);
    }
}
