using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Polly;
using Polly.Retry;

namespace AssetExport;

/// <summary>The AEM author: reads metadata, originals and folders through its HTTP API, with an access token. The token is not sent anywhere else.</summary>
/// <param name="http">The HTTP client. It must not follow redirects and must not decompress, and its time limit applies to each answer.</param>
internal sealed class AemAuthor(HttpClient http, Uri author, IAccessTokenProvider tokens, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = args => new ValueTask<bool>(IsUnreachable(args.Outcome.Exception) || (args.Outcome.Result is { } response && IsWorthRetrying(response, timeProvider))),
            DelayGenerator = args => new ValueTask<TimeSpan?>(RetryAfter.Of(args.Outcome.Result, timeProvider)),
        })
        .Build();

    public TimeProvider Clock => timeProvider;

    /// <summary>Repeats the reading of an original whose connection broke, the first time without a delay.</summary>
    public ResiliencePipeline Resuming { get; } = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Exception is IOException and not AssetChangedException),
            DelayGenerator = static args => new ValueTask<TimeSpan?>(args.AttemptNumber == 0 ? TimeSpan.Zero : null),
        })
        .Build();

    /// <returns>The metadata; null if the asset does not exist.</returns>
    public async Task<AssetMetadata?> GetMetadataAsync(string path, CancellationToken cancellationToken)
    {
        using JsonDocument? json = await GetJsonAsync(AssetPath.ToUrl(path) + "/jcr:content/metadata.json", cancellationToken);
        return json is null ? null : AssetMetadata.Read(json.RootElement);
    }

    /// <summary>Lists all assets below a folder.</summary>
    /// <exception cref="AemException">AEM refused the call or is unreachable, or the folder does not exist.</exception>
    public async IAsyncEnumerable<ListedAsset> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stack<string> folders = new([folder]);
        while (folders.TryPop(out string? current))
        {
            // The API path is the repository path without /content/dam. Pages are counted here, so that no link from a response is followed.
            string url = "/api/assets" + AssetPath.ToUrl(current[AssetPath.Root.Length..]) + ".json";
            bool hasNext = true;
            for (int offset = 0; hasNext;)
            {
                using JsonDocument page = await GetJsonAsync(string.Create(CultureInfo.InvariantCulture, $"{url}?offset={offset}&limit=100"), cancellationToken)
                    ?? throw new AemException($"There is no folder '{current}' in AEM.") { Status = HttpStatusCode.NotFound };
                JsonElement[] entities = page.RootElement.TryGetProperty("entities", out JsonElement list) ? [.. list.EnumerateArray()] : [];
                foreach (JsonElement entity in entities)
                {
                    JsonElement properties = entity.GetProperty("properties");
                    string path = $"{current}/{properties.GetProperty("name").GetString()}";
                    if (entity.GetProperty("class").EnumerateArray().Any(static name => name.GetString() == "assets/folder"))
                    {
                        folders.Push(path);
                    }
                    else if (AssetPath.IsAsset(path))
                    {
                        yield return new ListedAsset(path, properties.TryGetProperty("published", out JsonElement published) ? published.ValueKind == JsonValueKind.True : null);
                    }
                }

                offset += entities.Length;
                hasNext = entities.Length > 0 && HasNext(page.RootElement);
            }
        }
    }

    /// <summary>Requests the original, or the rest of it from an offset.</summary>
    /// <returns>The response without its body: 200, or 206 if an offset was given and the entity tag still matches.</returns>
    public Task<HttpResponseMessage> GetOriginalAsync(string path, long offset, EntityTagHeaderValue? tag, CancellationToken cancellationToken) =>
        SendAsync(AssetPath.ToUrl(path), HttpCompletionOption.ResponseHeadersRead, offset, tag, cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task<JsonDocument?> GetJsonAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await SendAsync(url, HttpCompletionOption.ResponseContentRead, 0, null, cancellationToken);
            return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        }
        catch (AemException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new AemException($"AEM's answer to {PathOf(url)} is not JSON.", exception) { Status = HttpStatusCode.OK };
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string url, HttpCompletionOption completion, long offset, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _pipeline.ExecuteAsync(async token => await SendOnceAsync(url, completion, offset, tag, token), cancellationToken);
        }
        catch (Exception exception) when (IsUnreachable(exception))
        {
            throw new AemException($"AEM at {author.Host} cannot be reached ({(exception.InnerException as TimeoutException ?? exception).GetType().Name}).", exception);
        }
        catch (AssetComputeAuthenticationException exception)
        {
            throw new AemException($"Could not get an access token for AEM: {exception.Message}", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            string advice = response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => " Is the token's account known to this AEM? See docs/authentication.md.",
                HttpStatusCode.Forbidden => " The account needs the right to read the assets.",
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => " Is Aem:Author the address of the author itself?",
                _ => "",
            };
            throw new AemException($"AEM answered {(int)response.StatusCode} to {PathOf(url)}.{advice}") { Status = response.StatusCode, RetryAfter = RetryAfter.Of(response, Clock) };
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(string url, HttpCompletionOption completion, long offset, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        for (AccessToken? refused = null; ;)
        {
            AccessToken token = await tokens.GetTokenAsync(refused, cancellationToken);
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(author, url));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            if (offset > 0)
            {
                request.Headers.Range = new RangeHeaderValue(offset, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(tag!);
            }

            HttpResponseMessage response = await http.SendAsync(request, completion, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || refused is not null || (await tokens.GetTokenAsync(token, cancellationToken)).Value == token.Value)
            {
                return response;
            }

            response.Dispose();
            refused = token;
        }
    }

    /// <summary>Whether there is no complete answer. The time limit of the HTTP client cancels the call.</summary>
    private static bool IsUnreachable(Exception? exception) => exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException };

    private static bool IsWorthRetrying(HttpResponseMessage response, TimeProvider timeProvider) =>
        response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
        && (RetryAfter.Of(response, timeProvider) ?? TimeSpan.Zero) <= s_longestRetryAfter;

    private static bool HasNext(JsonElement page) =>
        page.TryGetProperty("links", out JsonElement links)
        && links.EnumerateArray().Any(static link => link.TryGetProperty("rel", out JsonElement rel) && rel.EnumerateArray().Any(static name => name.GetString() == "next"));

    private static string PathOf(string url) => Uri.UnescapeDataString(url.Split('?')[0]);
}
