using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AssetCompute.Client.Storage;

namespace AssetCompute.Client;

/// <summary>
/// The storage of an emulator (<c>AssetCompute.Emulator</c>), for tests and for trying things out: the same interface as the real ones, with nothing to set up.
/// </summary>
/// <remarks>It speaks HTTP, so the emulator may run in this process or as a program of its own.</remarks>
public sealed class EmulatorAssetStorage : IAssetStorage, IDisposable
{
    private readonly EmulatorCalls _calls;

    /// <summary>The storage of an emulator.</summary>
    /// <param name="endpoint">Where the emulator answers, such as <c>http://127.0.0.1:8080/</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is null or no absolute URL.</exception>
    public EmulatorAssetStorage(Uri endpoint)
        : this(endpoint, TimeProvider.System)
    {
    }

    internal EmulatorAssetStorage(Uri endpoint, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!endpoint.IsAbsoluteUri)
        {
            throw new ArgumentException("The endpoint must be an absolute URL, such as http://127.0.0.1:8080/.", nameof(endpoint));
        }

        _calls = new EmulatorCalls(endpoint, timeProvider);
    }

    /// <summary>How long URLs work unless said otherwise; over zero. Default: 2 hours.</summary>
    public TimeSpan UrlLifetime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How many bytes the service sends to one URL of a target of several parts; over 0, up to 100 MiB. Default: 100 MiB.</summary>
    public long PartSize { get; init; } = StorageTargetOptions.MaxPartSize;

    /// <inheritdoc/>
    public async Task UploadAsync(string name, Stream content, string? contentType = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        string url = await SignAsync(name, "write", UrlLifetime, cancellationToken).ConfigureAwait(false);

        // The content would close the stream, which is the caller's.
        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new StreamContent(new ObservedStream(content)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType ?? "application/octet-stream");
        using HttpResponseMessage response = await _calls.SendAsync(request, name, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<StoredAsset> OpenReadAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        string url = await SignAsync(name, "read", UrlLifetime, cancellationToken).ConfigureAwait(false);
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        HttpResponseMessage response = await _calls.SendAsync(request, name, cancellationToken).ConfigureAwait(false);
        try
        {
            Stream content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new StoredAsset(content, response.Content.Headers.ContentLength ?? 0, response.Content.Headers.ContentType?.ToString(), response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return DeleteAsync(name, [name], cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Uri> CreateReadUrlAsync(string name, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalid(name);
        return new Uri(await SignAsync(name, "read", Check(lifetime, nameof(lifetime)), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<StorageTarget> CreateTargetAsync(string name, StorageTargetOptions? options = null, CancellationToken cancellationToken = default)
    {
        AssetStorageName.ThrowIfInvalidForTarget(name);
        options ??= new StorageTargetOptions();
        if (options.MaxSize <= 0 || options.MaxSize > PartSize * EmulatorTarget.MaxParts)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSize, $"{nameof(options.MaxSize)} must be over 0, up to {PartSize * EmulatorTarget.MaxParts} bytes: {EmulatorTarget.MaxParts} parts.");
        }

        TimeSpan lifetime = Check(options.Lifetime, nameof(options));
        string[] names = EmulatorTarget.PartsOf(name, (int)((options.MaxSize + PartSize - 1) / PartSize));
        string[] urls = new string[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            urls[i] = await SignAsync(names[i], "write", lifetime, cancellationToken).ConfigureAwait(false);
        }

        return new EmulatorTarget(this, name, names, new RenditionTarget(urls, Math.Min(PartSize, options.MaxSize)), options.ContentType);
    }

    /// <summary>Closes the connections to the emulator.</summary>
    public void Dispose() => _calls.Dispose();

    internal async Task<long> JoinAsync(string name, string[] parts, string? contentType, CancellationToken cancellationToken)
    {
        JsonObject answer = await _calls.PostAsync("emulator/blobs/join", name, new JsonObject
        {
            ["name"] = name,
            ["parts"] = new JsonArray([.. parts.Select(part => JsonValue.Create(part))]),
            ["contentType"] = contentType,
        }, cancellationToken).ConfigureAwait(false);
        return (long)answer["size"]!;
    }

    internal Task DeleteAsync(string name, string[] names, CancellationToken cancellationToken) =>
        _calls.PostAsync("emulator/blobs/delete", name, new JsonObject { ["names"] = new JsonArray([.. names.Select(part => JsonValue.Create(part))]) }, cancellationToken);

    private async Task<string> SignAsync(string name, string permission, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        JsonObject answer = await _calls.PostAsync("emulator/urls", name, new JsonObject
        {
            ["name"] = name,
            ["permission"] = permission,
            ["lifetimeSeconds"] = lifetime.TotalSeconds,
        }, cancellationToken).ConfigureAwait(false);
        return (string)answer["url"]!;
    }

    private TimeSpan Check(TimeSpan? lifetime, string parameter)
    {
        TimeSpan wanted = lifetime ?? UrlLifetime;
        return wanted > TimeSpan.Zero ? wanted : throw new ArgumentOutOfRangeException(parameter, wanted, "The lifetime of a URL must be over zero.");
    }
}
