using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AssetExport;

/// <summary>The files of Marketo's Design Studio. A file that exists under the name of an asset gets new content, so there is never a second one.</summary>
internal sealed class MarketoDestination(DestinationHttp http, string clientId, string clientSecret, int folderId, TimeProvider timeProvider) : IExportDestination, IDisposable
{
    private static readonly TimeSpan s_uploadTimeout = TimeSpan.FromHours(1);

    private AccessToken? _token;

    public static MarketoDestination Create(IConfigurationSection section, IServiceProvider services)
    {
        TimeProvider timeProvider = services.GetRequiredService<TimeProvider>();
        DestinationHttp http = new("Marketo", new Uri(section.RequiredUrl("RestHost").GetLeftPart(UriPartial.Authority)), timeProvider);
        section.Required("FolderId");
        return new MarketoDestination(http, section.Required("ClientId"), section.Required("ClientSecret"), section.PositiveNumber("FolderId", 0), timeProvider);
    }

    /// <summary>Returns the file name. File names share one flat namespace, so digits distinguish assets with the same name from different folders.</summary>
    public static string FileNameOf(string name)
    {
        string file = name[(name.LastIndexOf('/') + 1)..];
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4));
        return $"{Path.GetFileNameWithoutExtension(file)}-{hash}{Path.GetExtension(file)}";
    }

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        string name = FileNameOf(item.Name);
        MarketoAnswer.File? present = await LookUpAsync(name, cancellationToken);
        MarketoAnswer answer = await CallAsync(
            () => new HttpRequestMessage(HttpMethod.Post, present is null ? "/rest/asset/v1/files.json" : $"/rest/asset/v1/file/{present.Id}/content.json") { Content = FormOf(item, name, isNew: present is null) },
            s_uploadTimeout,
            cancellationToken);
        MarketoAnswer.File file = (answer.Result is [{ } stored, ..] ? stored : present) ?? throw new IOException("Marketo accepted the file but did not return its id.");
        return new ExportReceipt(string.Create(CultureInfo.InvariantCulture, $"file {file.Id}, {name}"));
    }

    public async Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken) =>
        await LookUpAsync(FileNameOf(name), cancellationToken) is { } file ? new StoredExport(file.Size) : null;

    /// <summary>Marketo has no call that deletes a file, so the check writes none.</summary>
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await LookUpAsync("asset-export-probe.txt", cancellationToken);
        return "signed in and looked for a file; wrote none";
    }

    public void Dispose() => http.Dispose();

    private async Task<MarketoAnswer.File?> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            MarketoAnswer answer = await CallAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/rest/asset/v1/file/byName.json?name={Uri.EscapeDataString(name)}"), null, cancellationToken);
            return answer.Result is [{ } file, ..] ? file : null;
        }
        catch (MarketoException exception) when (exception.IsNotFound)
        {
            return null;
        }
        catch (TimeoutException exception)
        {
            // Without the answer to this small request, every asset would wait without an export.
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

        form.Add(new ItemContent(item), "file", name);
        return form;
    }

    /// <summary>Calls Marketo. If the token has expired, renews it once.</summary>
    private async Task<MarketoAnswer> CallAsync(Func<HttpRequestMessage> create, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            using HttpRequestMessage request = create();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await SignInAsync(cancellationToken));
            try
            {
                MarketoAnswer answer = await http.SendAsync(request, ReadAsync, cancellationToken, timeout);
                return answer.Success ? answer : throw MarketoException.Of(answer);
            }
            catch (MarketoException exception) when (exception.IsTokenRefused && isFirst)
            {
                _token = null;
            }
        }
    }

    /// <summary>Returns the access token. Errors never include the URL, which contains the secret. Marketo gives concurrent calls the same token.</summary>
    private async Task<string> SignInAsync(CancellationToken cancellationToken)
    {
        if (_token is { } known && timeProvider.GetUtcNow() < known.End)
        {
            return known.Value;
        }

        using HttpRequestMessage request = new(HttpMethod.Get, $"/identity/oauth/token?grant_type=client_credentials&client_id={Uri.EscapeDataString(clientId)}&client_secret={Uri.EscapeDataString(clientSecret)}");
        try
        {
            MarketoAnswer answer = await http.SendAsync(request, ReadAsync, cancellationToken);

            // The last twentieth of its lifetime is not used, so that no token expires in transit.
            AccessToken token = new(answer.Token ?? throw new MarketoException("It returned no token."), timeProvider.GetUtcNow() + TimeSpan.FromSeconds(answer.Lifetime * 0.95));
            _token = token;
            return token.Value;
        }
        catch (MarketoException exception) when (!exception.IsServerError)
        {
            throw new MarketoException($"Marketo's sign-in failed. Check ClientId and ClientSecret. {exception.Message}", innerException: exception);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            throw new DestinationBusyException($"Marketo's sign-in cannot be reached: {exception.Message}", innerException: exception);
        }
    }

    private static async Task<MarketoAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new MarketoException($"Marketo answered {(int)response.StatusCode}.", $"{(int)response.StatusCode}");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(cancellationToken), MarketoJson.Default.MarketoAnswer, cancellationToken) ?? new MarketoAnswer();
        }
        catch (JsonException exception)
        {
            throw new MarketoException("Marketo's answer is not the JSON of its API.", innerException: exception);
        }
    }

    private sealed record AccessToken(string Value, DateTimeOffset End);
}
