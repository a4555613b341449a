using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Troubleshooting;

internal static class RenditionScenarios
{
    private static readonly byte[] s_onePixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    public static Dictionary<string, Func<Task<string>>> All { get; } = new()
    {
        ["SourceCorrupt"] = async () =>
        {
            string said = await FailAsync(source: "This is no picture."u8.ToArray());
            Assert.Contains("Could not identify file type", said, StringComparison.Ordinal);
            return said;
        },
        ["SourceUnsupported"] = () => FailAsync(configure: options => options.Rendering.MaxSourceBytes = 10),
        ["SourceFormatUnsupported"] = () => FailAsync(prepare: emulator => emulator.Faults.Asset("*", "SourceFormatUnsupported")),
        ["RenditionFormatUnsupported"] = () => FailAsync(change: rendition => rendition with { Format = "of-tomorrow" }),
        ["RenditionTooLarge"] = () => FailAsync(prepare: emulator => emulator.Faults.Share(EmulatorOperation.BlobWrite, 1, EmulatorFault.Answer(413))),
        ["GenericError: Unknown error"] = () => FailAsync(
            configure: options => options.Spelling = WireSpelling.Code,
            prepare: emulator => emulator.Faults.Share(EmulatorOperation.BlobRead, 1, EmulatorFault.Answer(403))),
        ["GenericError: PUT '…' failed with status 403"] = () => FailAsync(prepare: emulator => emulator.Faults.Share(EmulatorOperation.BlobWrite, 1, EmulatorFault.Answer(403))),
        ["GenericError: A body of … bytes is too large, not supported yet"] = LargePdfAsync,
        ["GenericError: Empty file"] = () => FailAsync(source: "\uFEFF"u8.ToArray(), sourceName: "empty.txt", change: rendition => rendition with { Format = RenditionFormat.Text }),
        ["GenericError: Filename '…' has unsupported characters"] = () => FailAsync(target: "web[1].png"),
        ["GenericError: Processing timed out …"] = () => FailAsync(isInRequest: true, configure: options => options.Rendering.TimeLimit = TimeSpan.FromMilliseconds(1)),
        ["GenericError: Missing watermark.image …"] = () => FailAsync(change: rendition => rendition with
        {
            CustomFields = new JsonObject { ["watermark"] = new JsonObject { ["scale"] = 0.5 } },
        }),
    };

    /// <summary>Renders a PDF as PDF, which returns the source. The source is one byte too large for a single upload.</summary>
    private static Task<string> LargePdfAsync()
    {
        byte[] large = new byte[(100 << 20) + 1];
        "%PDF-1.7\n"u8.CopyTo(large);
        return FailAsync(source: large, sourceName: "large.pdf", change: rendition => rendition with { Format = "pdf" });
    }

    /// <summary>Renders a picture of one pixel and returns the reason of the failure.</summary>
    private static async Task<string> FailAsync(
        byte[]? source = null,
        string sourceName = "photo.png",
        string target = "web.png",
        bool isInRequest = false,
        Func<Rendition, Rendition>? change = null,
        Action<AssetComputeEmulatorOptions>? configure = null,
        Action<AssetComputeEmulator>? prepare = null)
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(configure);
        await account.Emulator.Storage.PutAsync(sourceName, source ?? s_onePixel, cancellationToken: ErrorText.Cancel);
        prepare?.Invoke(account.Emulator);
        Uri url = account.Emulator.Storage.CreateReadUrl(sourceName);
        Rendition rendition = new() { Name = target, Format = RenditionFormat.Png, Target = account.Emulator.Storage.CreateWriteUrl(target) };

        RenditionJobResult result = await account.Client.Jobs.RunAsync(
            new ProcessRequest { Source = isInRequest ? AssetSource.FromBytes(s_onePixel, "image/png") : url, Renditions = [change?.Invoke(rendition) ?? rendition] },
            cancellationToken: ErrorText.Cancel);

        RenditionFailed failed = Assert.IsType<RenditionFailed>(Assert.Single(result.Renditions));
        return $"{failed.Reason}: {failed.Message}";
    }
}
