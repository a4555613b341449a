using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Client.StorageTests;

/// <summary>A container of Azurite, and URLs for it.</summary>
internal static class AzuriteContainer
{
    private const string Account = "devstoreaccount1";
    private const string Container = "assets";
    private const string Version = "2020-10-02";

    // The key that every Azurite has; Microsoft's documentation names it.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static async Task CreateAsync(Uri server)
    {
        using HttpClient http = new();
        using HttpRequestMessage create = new(HttpMethod.Put, $"{server}{Account}/{Container}?restype=container&{AccountSas()}");
        create.Headers.Add("x-ms-version", Version);
        using HttpResponseMessage created = await http.SendAsync(create);
        created.EnsureSuccessStatusCode();
    }

    /// <summary>What the Azure SDK makes with <c>GenerateSasUri</c>.</summary>
    public static Uri UrlOf(Uri server, DateTimeOffset expiry, string permissions)
    {
        string end = Time(expiry);
        string toSign = string.Join('\n', permissions, "", end, $"/blob/{Account}/{Container}", "", "", "https,http", Version, "c", "", "", "", "", "", "", "");
        return new Uri($"{server}{Account}/{Container}?sv={Version}&spr=https,http&se={Uri.EscapeDataString(end)}&sr=c&sp={permissions}&sig={Sign(toSign[..^1])}");
    }

    private static string AccountSas()
    {
        string end = Time(DateTimeOffset.UtcNow.AddHours(1));
        string toSign = string.Join('\n', Account, "c", "b", "c", "", end, "", "https,http", Version, "");
        return $"sv={Version}&ss=b&srt=c&sp=c&se={Uri.EscapeDataString(end)}&spr=https,http&sig={Sign(toSign)}";
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Sign(string text) => Uri.EscapeDataString(Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text))));
}
