using System.Globalization;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>The SAS of a container: asked for anew when it would end too soon.</summary>
internal sealed class ContainerSas(Func<CancellationToken, ValueTask<Uri>> getContainerUrl, string prefix, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private volatile Signed? _signed;

    public void Dispose() => _renewing.Dispose();

    /// <summary>The URL of a blob, which works for that long at least.</summary>
    /// <exception cref="AssetStorageException">Also a new SAS ends sooner.</exception>
    public async ValueTask<string> UrlOfAsync(string name, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        Signed signed = await GetAsync(lifetime, cancellationToken).ConfigureAwait(false);
        string path = string.Join('/', (prefix + name).Split('/').Select(Uri.EscapeDataString));
        return $"{signed.Container}/{path}?{signed.Query}";
    }

    public static void Check(Uri? url, string parameter)
    {
        ArgumentNullException.ThrowIfNull(url, parameter);
        bool isSafe = url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
        if (!isSafe || url.AbsolutePath.Trim('/').Length == 0 || Field(url.Query.TrimStart('?'), "sig") is null)
        {
            throw new ArgumentException("The URL of a container must be absolute, https (http is allowed to a loopback address only), with the container in its path and a SAS as its query.", parameter);
        }
    }

    private async ValueTask<Signed> GetAsync(TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (_signed is { } known && Remaining(known) >= lifetime)
        {
            return known;
        }

        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_signed is not { } signed || Remaining(signed) < lifetime)
            {
                signed = Parse(await getContainerUrl(cancellationToken).ConfigureAwait(false));
                _signed = signed;
            }

            return Remaining(signed) >= lifetime
                ? signed
                : throw new AssetStorageException(
                    $"The SAS of the container {signed.Container} ends at {signed.Expiry:u}, but a URL is needed that works for {lifetime} from now. Make a SAS that lives longer, or ask for a shorter lifetime.");
        }
        finally
        {
            _renewing.Release();
        }
    }

    private TimeSpan Remaining(Signed signed) => signed.Expiry is { } expiry ? expiry - timeProvider.GetUtcNow() : TimeSpan.MaxValue;

    private static Signed Parse(Uri url)
    {
        Check(url, nameof(url));

        // As it was written: parsing and writing it again might change the escapes of the signature.
        string[] halves = url.OriginalString.Split('?', 2);
        string? expiry = Field(halves[1], "se");

        // A SAS that goes by a stored access policy may end when the policy says so: nothing can be known of that here.
        return new Signed(
            halves[0].TrimEnd('/'),
            halves[1],
            DateTimeOffset.TryParse(expiry, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end) ? end : null);
    }

    private static string? Field(string query, string name) => query.Split('&')
        .Where(field => field.StartsWith(name + "=", StringComparison.Ordinal))
        .Select(field => Uri.UnescapeDataString(field[(name.Length + 1)..]))
        .FirstOrDefault();

    private sealed record Signed(string Container, string Query, DateTimeOffset? Expiry);
}
