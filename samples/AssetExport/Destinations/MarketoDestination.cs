using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AssetExport;

/// <summary>
/// The files of Marketo's design studio; and with it every endpoint that wants a token and a form. A file is looked up by its name first: where it is there, by an earlier
/// version or an attempt that died, its content is replaced, and no second file is made.
/// </summary>
internal sealed class MarketoDestination(HttpClient http, MarketoToken token, int folderId, TimeProvider timeProvider) : IExportDestination, IDisposable
{
    private static readonly TimeSpan s_lookupTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_uploadTimeout = TimeSpan.FromHours(1);

    public static MarketoDestination Create(IConfigurationSection section, IServiceProvider services)
    {
        HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(section.RequiredUrl("RestHost").GetLeftPart(UriPartial.Authority)),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        TimeProvider timeProvider = services.GetRequiredService<TimeProvider>();
        MarketoToken token = new(http, section.Required("ClientId"), section.Required("ClientSecret"), timeProvider);
        section.Required("FolderId");
        return new MarketoDestination(http, token, section.PositiveNumber("FolderId", 0), timeProvider);
    }

    /// <summary>The names of files are those of one flat room, and assets of different folders may share theirs: the path tells them apart.</summary>
    public static string FileNameOf(string name)
    {
        string file = name[(name.LastIndexOf('/') + 1)..];
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4));
        return $"{Path.GetFileNameWithoutExtension(file)}-{hash}{Path.GetExtension(file)}";
    }

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        string name = FileNameOf(item.Name);
        MarketoFile? present = await LookUpAsync(name, cancellationToken);
        using JsonDocument answer = await CallAsync(
            () => new HttpRequestMessage(HttpMethod.Post, present is null ? "/rest/asset/v1/files.json" : $"/rest/asset/v1/file/{present.Id}/content.json") { Content = FormOf(item, name, isNew: present is null) },
            s_uploadTimeout,
            cancellationToken);
        MarketoFile file = MarketoFile.ReadFirst(answer.RootElement) ?? present ?? throw new IOException("Marketo took the file and did not say its id.");
        return new ExportReceipt(string.Create(CultureInfo.InvariantCulture, $"file {file.Id}, {name}"));
    }

    public async Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken) =>
        await LookUpAsync(FileNameOf(name), cancellationToken) is { } file ? new StoredExport(file.Size) : null;

    public void Dispose()
    {
        http.Dispose();
        token.Dispose();
    }

    private async Task<MarketoFile?> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using JsonDocument answer = await CallAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/rest/asset/v1/file/byName.json?name={Uri.EscapeDataString(name)}"), s_lookupTimeout, cancellationToken);
            return MarketoFile.ReadFirst(answer.RootElement);
        }
        catch (MarketoException exception) when (exception.IsNotFound)
        {
            return null;
        }
        catch (TimeoutException exception)
        {
            // So small a question is one that every asset would wait for in vain.
            throw new DestinationBusyException(exception.Message, innerException: exception);
        }
    }

    private MultipartFormDataContent FormOf(ExportItem item, string name, bool isNew)
    {
        MultipartFormDataContent form = [];
        if (isNew)
        {
            form.Add(new StringContent($$"""{"id":{{folderId}},"type":"Folder"}"""), "folder");
            form.Add(new StringContent(name), "name");
        }

        ItemContent file = new(item);
        file.Headers.TryAddWithoutValidation("Content-Type", item.ContentType);
        form.Add(file, "file", name);
        return form;
    }

    /// <summary>Marketo says most of its errors with the status 200: what counts is in the body. A token that has ended is renewed once.</summary>
    private async Task<JsonDocument> CallAsync(Func<HttpRequestMessage> create, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string? refused = null;
        while (true)
        {
            string bearer = await token.GetAsync(refused, cancellationToken);
            try
            {
                return await CallOnceAsync(create, bearer, timeout, cancellationToken);
            }
            catch (MarketoException exception) when (exception.IsTokenRefused && refused is null)
            {
                refused = bearer;
            }
        }
    }

    private async Task<JsonDocument> CallOnceAsync(Func<HttpRequestMessage> create, string bearer, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using HttpRequestMessage request = create();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await ReadAsync(response, limit.Token);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            throw new DestinationBusyException($"Marketo cannot be reached ({exception.HttpRequestError}).", innerException: exception);
        }
        catch (HttpRequestException exception)
        {
            throw new MarketoException($"The call to Marketo broke off ({exception.HttpRequestError}).", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Marketo did not answer in time.", exception);
        }
    }

    /// <summary>Busy is who says so: an error (500) may be that of one file, which must not hold up the others for ever.</summary>
    private async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        TimeSpan? wait = response.RetryAfter(timeProvider);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable || (response.StatusCode >= HttpStatusCode.InternalServerError && wait is not null))
        {
            throw new DestinationBusyException($"Marketo answered {(int)response.StatusCode}.", wait);
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new MarketoException($"Marketo answered {(int)response.StatusCode}.") { IsTokenRefused = response.StatusCode == HttpStatusCode.Unauthorized, IsNotFound = response.StatusCode == HttpStatusCode.NotFound };
        }

        JsonDocument answer;
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            answer = await JsonDocument.ParseAsync(body, default, cancellationToken);
        }
        catch (JsonException exception)
        {
            throw new MarketoException("Marketo's answer is no JSON.", exception);
        }

        if (answer.RootElement.TryGetProperty("success", out JsonElement success) && success.ValueKind == JsonValueKind.True)
        {
            return answer;
        }

        using (answer)
        {
            throw MarketoException.Of(answer.RootElement);
        }
    }
}
