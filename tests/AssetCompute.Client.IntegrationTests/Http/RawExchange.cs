using System.Net.Sockets;
using System.Text;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>One request on its connection, for the test to answer byte by byte.</summary>
internal sealed class RawExchange(Socket socket, NetworkStream stream, string head, int number, CancellationToken stopping)
{
    /// <summary>The request line and the headers.</summary>
    public string Head => head;

    /// <summary>Which request it is, from 1.</summary>
    public int Number => number;

    public CancellationToken Stopping => stopping;

    public string RequestId => head.Split("\r\n").Single(line => line.StartsWith("x-request-id:", StringComparison.OrdinalIgnoreCase))["x-request-id:".Length..].Trim();

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes, stopping);
        await stream.FlushAsync(stopping);
    }

    /// <summary>A whole answer.</summary>
    public Task AnswerAsync(int status, string body, string headers = "") =>
        WriteAsync($"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}");

    /// <summary>Breaks the connection: the client sees a reset, not an orderly end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Waits until the client has closed the connection.</summary>
    public async Task WaitForCloseAsync()
    {
        while (await stream.ReadAsync(new byte[1024], stopping) > 0)
        {
        }
    }

    public Task WaitForEverAsync() => Task.Delay(Timeout.Infinite, stopping);
}
