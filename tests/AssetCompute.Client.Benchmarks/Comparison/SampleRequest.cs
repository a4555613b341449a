using System.Text;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The request of all contestants: an asset and three renditions, with URLs as long as signed URLs.</summary>
internal static class SampleRequest
{
    private static readonly string s_signature = $"sv=2026-02-06&se=2026-11-22T12%3A00%3A00Z&sr=b&sp=rcw&sig={new string('s', 44)}";

    private static readonly string s_source = $"https://source.example/content/dam/products/2026/autumn/photo-0.jpg?{s_signature}";

    public static ProcessRequest Create(int number, string? requestId = null) => new()
    {
        RequestId = requestId,
        Source = new AssetSource { Url = $"https://source.example/content/dam/products/2026/autumn/photo-{number}.jpg?{s_signature}" },
        Renditions = [Rendition(number, 0, 1280), Rendition(number, 1, 319), Rendition(number, 2, 48)],
    };

    /// <summary>The bytes that the client sends for the request, prepared so that serialization costs nothing.</summary>
    public static byte[] Body { get; } = Encoding.UTF8.GetBytes(
        $$"""{"source":"{{s_source}}","renditions":[{{Text(0, 1280)}},{{Text(1, 319)}},{{Text(2, 48)}}]}""");

    private static string Text(int index, int size) =>
        $$"""{"name":"cq5dam.web.{{size}}.{{size}}.jpeg","fmt":"jpg","target":"https://target.example/renditions/0/{{index}}.jpeg?{{s_signature}}","width":{{size}},"height":{{size}},"quality":85}""";

    private static Rendition Rendition(int number, int index, int size) => new()
    {
        Name = $"cq5dam.web.{size}.{size}.jpeg",
        Format = "jpeg",
        Width = size,
        Height = size,
        Quality = 85,
        Target = new Uri($"https://target.example/renditions/{number}/{index}.jpeg?{s_signature}"),
    };
}
