using System.Net.Sockets;
using System.Text;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>A request on its connection. The test writes the response byte by byte.</summary>
internal sealed class RawExchange(Socket socket, NetworkStream stream, string head, int number, CancellationToken stopping)
{
    /// <summary>The request line and the headers.</summary>
    public string Head => head;

    /// <summary>The number of the request, starting at 1.</summary>
    public int Number => number;

    public CancellationToken Stopping => stopping;

    public string RequestId => head.Split("\r\n").Single(line => line.StartsWith("x-request-id:", StringComparison.OrdinalIgnoreCase))["x-request-id:".Length..].Trim();

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes, stopping);
        await stream.FlushAsync(stopping);
    }

    /// <summary>Sends a complete response.</summary>
    public Task AnswerAsync(int status, string body, string headers = "") =>
        WriteAsync($"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}");

    /// <summary>Resets the connection instead of closing it.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Waits until the client closes the connection.</summary>
    public async Task WaitForCloseAsync()
    {
        while (await stream.ReadAsync(new byte[1024], stopping) > 0)
        {
        }
    }

    public Task WaitForEverAsync() => Task.Delay(Timeout.Infinite, stopping);
}
