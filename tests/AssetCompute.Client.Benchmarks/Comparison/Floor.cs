using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>
/// The minimum work of a .NET process: a plain <see cref="HttpClient"/> that posts prepared bytes and reads the short response, and a plain
/// <see cref="Utf8JsonReader"/> that reads the journal's pages as they arrive. Without validation, retries, or dispatch.
/// </summary>
internal static class Floor
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    public static async Task<Measurement> ProcessAsync(string server, int count)
    {
        using HttpClient http = CreateClient();
        Uri url = new(server + "/bare/floor/process");
        byte[] body = SampleRequest.Body;
        return await Measurement.OfAsync(count, () => Contestant.CrowdAsync(count, 32, () => PostAsync(http, url, body)));
    }

    public static async Task<Measurement> StartAsync(string server)
    {
        using HttpClient http = CreateClient();
        await PostAsync(http, new Uri(server + "/bare/floor/process"), """{"source":"https://source.example/a.jpg"}"""u8.ToArray());
        return Measurement.OfProcess();
    }

    public static async Task<Measurement> JournalAsync(string server, int count)
    {
        using HttpClient http = CreateClient();
        return await Measurement.OfAsync(count, () => WalkAsync(http, new Uri($"{server}/pages/{count}/journal"), count));
    }

    private static HttpClient CreateClient()
    {
        HttpClient http = new();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + Contestant.Token);
        http.DefaultRequestHeaders.TryAddWithoutValidation("x-gw-ims-org-id", OurClient.OrganizationId);
        http.DefaultRequestHeaders.TryAddWithoutValidation("x-ims-org-id", OurClient.OrganizationId);
        http.DefaultRequestHeaders.TryAddWithoutValidation("x-api-key", OurClient.ClientId);
        return http;
    }

    private static async Task PostAsync(HttpClient http, Uri url, byte[] body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, url);
        request.Headers.TryAddWithoutValidation("x-request-id", Guid.NewGuid().ToString());
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } };
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task WalkAsync(HttpClient http, Uri journal, int count)
    {
        int events = 0;
        Uri page = journal;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        while (events < count)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, page);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using Stream stream = await response.Content.ReadAsStreamAsync();
            JsonReaderState state = default;
            int filled = 0;
            int read;
            do
            {
                read = await stream.ReadAsync(buffer.AsMemory(filled));
                filled += read;
                int parsed = Walk(buffer.AsSpan(0, filled), read == 0, ref state, ref events);
                buffer.AsSpan(parsed, filled - parsed).CopyTo(buffer);
                filled -= parsed;
            }
            while (read > 0);
            string link = response.Headers.GetValues("Link").First();
            page = new Uri(journal, link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static int Walk(ReadOnlySpan<byte> bytes, bool isFinal, ref JsonReaderState state, ref int events)
    {
        Utf8JsonReader reader = new(bytes, isFinal, state);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 2)
            {
                events++;
            }
        }

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }
}
