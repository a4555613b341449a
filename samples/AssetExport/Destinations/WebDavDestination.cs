using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AssetExport;

/// <summary>A WebDAV server. A file is uploaded under a temporary name and moved when it is complete. The root has a trailing slash.</summary>
internal sealed class WebDavDestination(DestinationHttp http, Uri root) : IExportDestination, IDisposable
{
    private static readonly HttpMethod s_mkcol = new("MKCOL");
    private static readonly HttpMethod s_move = new("MOVE");
    private static readonly HttpMethod s_propfind = new("PROPFIND");
    private static readonly XNamespace s_dav = "DAV:";
    private static readonly TimeSpan s_uploadTimeout = TimeSpan.FromDays(1);

    private volatile bool _isTidy;

    private Uri Incoming => UrlOf(".incoming/");

    public static WebDavDestination Create(IConfigurationSection section, IServiceProvider services)
    {
        Uri root = section.RequiredUrl("Url");
        SettingsException.ThrowIf(root.Query.Length > 0 || root.UserInfo.Length > 0, $"{section.Path}:Url must have no query and no user: set UserName and Password.");

        AuthenticationHeaderValue? account = section["UserName"] is { Length: > 0 } user
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{section.Required("Password")}"))) : null;
        return new WebDavDestination(new DestinationHttp(root.Authority, root, services.GetRequiredService<TimeProvider>(), account), new Uri(root.AbsoluteUri.TrimEnd('/') + "/"));
    }

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        Uri target = UrlOf(item.Name);
        Uri temporary = new(Incoming, item.Transfer);
        if (!_isTidy || item.HasPredecessor)
        {
            await RemoveLeftoversAsync(item, cancellationToken);
        }

        try
        {
            // An upload may take as long as it makes progress. The stall guard ends it otherwise.
            HttpStatusCode put = await SendAsync(HttpMethod.Put, temporary, cancellationToken, request => request.Content = new ItemContent(item), s_uploadTimeout);
            if (put is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                await CreateCollectionAsync(Incoming, cancellationToken);
                put = await SendAsync(HttpMethod.Put, temporary, cancellationToken, request => request.Content = new ItemContent(item), s_uploadTimeout);
            }

            ThrowUnlessSuccess(put, "take the file", item.Name);
            HttpStatusCode move = await MoveAsync(temporary, target, overwrites: false, cancellationToken);
            if (move is HttpStatusCode.Conflict or HttpStatusCode.InternalServerError)
            {
                // A missing collection is 409 in the standard, and 500 in Apache.
                await CreateCollectionAsync(new Uri(target, "."), cancellationToken);
                move = await MoveAsync(temporary, target, overwrites: false, cancellationToken);
            }

            if (move == HttpStatusCode.PreconditionFailed)
            {
                // Overwriting a collection would delete everything in it.
                if ((await ReadAsync(target, depth: 0, cancellationToken))?.Any(static found => found.IsCollection) == true)
                {
                    throw new DestinationRefusedException($"'{item.Name}' is a folder on {root.Authority}, but must be a file.");
                }

                move = await MoveAsync(temporary, target, overwrites: true, cancellationToken);
            }

            ThrowUnlessSuccess(move, "rename the file", item.Name);
            return new ExportReceipt(target.AbsoluteUri);
        }
        catch (Exception exception) when (exception is not DestinationBusyException && !cancellationToken.IsCancellationRequested)
        {
            await SendAsync(HttpMethod.Delete, temporary, cancellationToken);
            throw;
        }
    }

    public async Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, UrlOf(name));
        (HttpStatusCode status, long? length) = await http.SendAsync(request, static (response, _) => Task.FromResult((response.StatusCode, response.Content.Headers.ContentLength)), cancellationToken);
        if (status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return null;
        }

        ThrowUnlessSuccess(status, "list its files", name);
        return new StoredExport(length);
    }

    public string? WhyNotStorable(string name) => name.StartsWith(".incoming/", StringComparison.Ordinal) ? "The collection '.incoming' is reserved for incomplete files." : null;

    public Task<string> ProbeAsync(CancellationToken cancellationToken) => ProbeFile.RunAsync(
        this, async name => ThrowUnlessSuccess(await SendAsync(HttpMethod.Delete, UrlOf(name), cancellationToken), "remove the file", name), cancellationToken);

    public void Dispose() => http.Dispose();

    private Uri UrlOf(string name) => new(root, AssetPath.ToUrl(name));

    private Task<HttpStatusCode> MoveAsync(Uri from, Uri to, bool overwrites, CancellationToken cancellationToken) => SendAsync(s_move, from, cancellationToken, request =>
    {
        request.Headers.Add("Destination", to.AbsoluteUri);
        request.Headers.Add("Overwrite", overwrites ? "T" : "F");
    });

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, Uri url, CancellationToken cancellationToken, Action<HttpRequestMessage>? prepare = null, TimeSpan? timeout = null)
    {
        using HttpRequestMessage request = new(method, url);
        prepare?.Invoke(request);
        return await http.SendAsync(request, static (response, _) => Task.FromResult(response.StatusCode), cancellationToken, timeout);
    }

    private void ThrowUnlessSuccess(HttpStatusCode status, string what, string name)
    {
        switch (status)
        {
            case >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices and not HttpStatusCode.MultiStatus:
                return;
            case HttpStatusCode.Unauthorized:
                throw new DestinationBusyException($"{root.Authority} does not accept UserName and Password (401).", TimeSpan.FromMinutes(1));
            case HttpStatusCode.InsufficientStorage:
                throw new DestinationBusyException($"The disk of {root.Authority} is full (507).", TimeSpan.FromMinutes(5));
            default:
                throw new IOException($"{root.Authority} answered {(int)status}, and did not {what}: '{name}'.");
        }
    }

    private async Task CreateCollectionAsync(Uri collection, CancellationToken cancellationToken)
    {
        HttpStatusCode status = await SendAsync(s_mkcol, collection, cancellationToken);
        if (status == HttpStatusCode.Conflict && collection.AbsolutePath.Length > root.AbsolutePath.Length)
        {
            await CreateCollectionAsync(new Uri(collection, ".."), cancellationToken);
            status = await SendAsync(s_mkcol, collection, cancellationToken);
        }

        string name = Uri.UnescapeDataString(collection.AbsolutePath);
        switch (status)
        {
            case HttpStatusCode.MethodNotAllowed when (await ReadAsync(collection, depth: 0, cancellationToken))?.All(static found => found.IsCollection) == false:
            case HttpStatusCode.Forbidden or HttpStatusCode.Conflict when (await ReadAsync(new Uri(collection.AbsoluteUri.TrimEnd('/')), depth: 0, cancellationToken))?.Any(static found => !found.IsCollection) == true:
                throw new DestinationRefusedException($"'{name}' is a file on {root.Authority}, but must be a folder.");
            case HttpStatusCode.MethodNotAllowed:
                break;
            default:
                ThrowUnlessSuccess(status, "create the folder", name);
                break;
        }
    }

    /// <summary>Removes what earlier attempts at this export left behind, and old files of exports that may never be repeated.</summary>
    private async Task RemoveLeftoversAsync(ExportItem item, CancellationToken cancellationToken)
    {
        foreach (Resource left in await ReadAsync(Incoming, depth: 1, cancellationToken) ?? [])
        {
            if (!left.IsCollection && item.IsLeftover(Uri.UnescapeDataString(left.Url.Segments[^1]), left.Modified))
            {
                await SendAsync(HttpMethod.Delete, left.Url, cancellationToken);
            }
        }

        _isTidy = true;
    }

    /// <summary>Reads the properties of a resource, or of all resources in a collection; null if it does not exist.</summary>
    private async Task<IReadOnlyList<Resource>?> ReadAsync(Uri url, int depth, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(s_propfind, url);
        request.Headers.Add("Depth", depth.ToString(CultureInfo.InvariantCulture));
        return await http.SendAsync(
            request,
            async (response, token) =>
            {
                if (response.StatusCode != HttpStatusCode.MultiStatus)
                {
                    return null;
                }

                try
                {
                    using XmlReader reader = XmlReader.Create(await response.Content.ReadAsStreamAsync(token), new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit });
                    XDocument answer = await XDocument.LoadAsync(reader, LoadOptions.None, token);
                    return (IReadOnlyList<Resource>)[.. answer.Descendants(s_dav + "response").Select(found => new Resource(
                        new Uri(url, (string?)found.Element(s_dav + "href") ?? ""),
                        found.Descendants(s_dav + "collection").Any(),
                        DateTimeOffset.TryParse((string?)found.Descendants(s_dav + "getlastmodified").FirstOrDefault(), CultureInfo.InvariantCulture, out DateTimeOffset modified) ? modified : DateTimeOffset.MaxValue))
                        .Where(found => found.Url.Authority == url.Authority)];
                }
                catch (XmlException exception)
                {
                    throw new IOException($"{root.Authority} answered with something that is not WebDAV.", exception);
                }
            },
            cancellationToken);
    }

    private sealed record Resource(Uri Url, bool IsCollection, DateTimeOffset Modified);
}
