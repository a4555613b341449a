using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>The custom destination of docs/export.md: a server that accepts files by PUT.</summary>
public sealed class WebDavDestination(HttpClient http, Uri root) : IExportDestination
{
    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        await using Stream content = await item.OpenReadAsync(cancellationToken);
        using StreamContent body = new(content);
        body.Headers.ContentLength = item.Length;
        using HttpResponseMessage response = await http.PutAsync(UrlOf(item.Name), body, cancellationToken);
        if ((int)response.StatusCode is 429 or 503)
        {
            throw new DestinationBusyException($"The server answered {(int)response.StatusCode}.", response.Headers.RetryAfter?.Delta);
        }

        response.EnsureSuccessStatusCode();
        return new ExportReceipt(UrlOf(item.Name).AbsoluteUri);
    }

    public async Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, UrlOf(name));
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode == 404 ? null : new StoredExport(response.EnsureSuccessStatusCode().Content.Headers.ContentLength);
    }

    private Uri UrlOf(string name) => new(root, string.Join('/', name.Split('/').Select(Uri.EscapeDataString)));
}
