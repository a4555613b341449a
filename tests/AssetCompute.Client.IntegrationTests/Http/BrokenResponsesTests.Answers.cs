using System.Globalization;
using System.Net;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

public partial class BrokenResponsesTests
{
    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static async Task EndlessHeaderAsync(RawExchange exchange)
    {
        await exchange.WriteAsync("HTTP/1.1 200 OK\r\nx-endless: ");
        byte[] block = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];
        for (int written = 0; written < 1600; written++)
        {
            await exchange.WriteAsync(block);
        }
    }

    private static async Task DripAsync(RawExchange exchange)
    {
        await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (true)
        {
            await exchange.WriteAsync(" ");
            await Task.Delay(50, exchange.Stopping);
        }
    }

    private static async Task HugeAsync(RawExchange exchange, int status)
    {
        const int megabytes = 100;
        byte[] block = [.. Enumerable.Repeat((byte)' ', 1024 * 1024)];
        await exchange.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Huge\r\nContent-Length: {megabytes * block.Length}\r\nConnection: close\r\n\r\n"));
        for (int written = 0; written < megabytes; written++)
        {
            await exchange.WriteAsync(block);
        }
    }
}
