using System.Net;

namespace AssetCompute.Client.Benchmarks.Micro;

/// <summary>Responds without a network: with a page of events to reads, and with acceptance to all other requests.</summary>
internal sealed class InMemory(byte[]? page = null) : HttpMessageHandler
{
    private static readonly byte[] s_accepted = """{"ok":true,"requestId":"r-1"}"""u8.ToArray();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(s_accepted) });
        }

        bool isFirst = page is not null && !request.RequestUri!.Query.Contains("since", StringComparison.Ordinal);
        return Task.FromResult(isFirst
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(page!) }
            : new HttpResponseMessage(HttpStatusCode.NoContent));
    }
}
