using System.Diagnostics;
using System.Security.Cryptography;
using AssetCompute.Client;
using AssetCompute.Emulator;

namespace Quickstart;

/// <summary>Stores the photograph, requests and downloads the renditions, and compares them with the events.</summary>
internal static class QuickstartJob
{
    public static async Task<QuickstartResult> RunAsync(Photograph photograph, ProgressView progress, CancellationToken cancellationToken)
    {
        // By default, the journal asks readers to wait a second, which is too long to show progress.
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            options => options.Journal.RetryAfter = TimeSpan.Zero,
            cancellationToken);

        // For a real account, set OrganizationId, ClientId and ClientSecrets from the Adobe Developer Console instead: see RealAccount.cs.
        await using AssetComputeClient assetCompute = AssetComputeClient.Create(options =>
        {
            options.UseEmulator(emulator.Endpoint);
            options.Journal.PollInterval = TimeSpan.FromMilliseconds(100);
            options.Journal.MaxPollInterval = TimeSpan.FromMilliseconds(500);
        });
        progress.Say($"The emulator listens on {emulator.Endpoint}");

        // For a real account, use your own storage, such as S3 or Azure. The service gets only pre-signed URLs.
        EmulatorStorage storage = emulator.Storage;
        await storage.PutAsync("photograph", photograph.Content, photograph.MimeType, cancellationToken);
        byte[] watermark = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "photos", "watermark.png"), cancellationToken);
        await storage.PutAsync("watermark.png", watermark, "image/png", cancellationToken);

        ProcessRequest request = RenditionRequests.Create(
            new AssetSource
            {
                Url = storage.CreateReadUrl("photograph").OriginalString,
                Name = photograph.Name,
                Size = photograph.Content.Length,
                MimeType = photograph.MimeType,
            },
            storage.CreateReadUrl("watermark.png"),
            name => storage.CreateWriteUrl($"renditions/{name}"));
        progress.Say($"Requesting {request.Renditions.Count} renditions of {photograph.Name}, {photograph.Content.Length:N0} bytes");

        Dictionary<string, TimeSpan> times = [];
        Stopwatch clock = Stopwatch.StartNew();
        RenditionJobOptions options = new()
        {
            Timeout = TimeSpan.FromMinutes(5),
            OnRendition = rendition =>
            {
                times[rendition.Rendition.Name!] = clock.Elapsed;
                progress.Report(rendition, clock.Elapsed);
            },
        };
        RenditionJobResult result = await progress.ShowAsync(
            request.Renditions,
            () => assetCompute.Jobs.RunAsync(request, options, cancellationToken));

        using HttpClient http = new();
        List<RenditionOutcome> outcomes = [];
        foreach (RenditionEvent rendition in result.Renditions)
        {
            byte[]? content = rendition is RenditionCreated
                ? await http.GetByteArrayAsync(storage.CreateReadUrl($"renditions/{rendition.Rendition.Name}"), cancellationToken)
                : null;
            outcomes.Add(new RenditionOutcome(rendition, times[rendition.Rendition.Name!], content, ProblemOf(rendition, content)));
        }

        return new QuickstartResult(result.RequestId, photograph, outcomes);
    }

    /// <summary>Compares a downloaded file with its event.</summary>
    private static string? ProblemOf(RenditionEvent rendition, byte[]? content)
    {
        bool shouldFail = rendition.Rendition.Name == RenditionRequests.NameThatFails;
        return rendition switch
        {
            RenditionCreated when shouldFail => "it was created, but should have failed",
            RenditionCreated created when content!.Length != created.Metadata.Size =>
                $"{content.Length:N0} bytes were downloaded, the event says {created.Metadata.Size:N0}",
            RenditionCreated created when !string.Equals(Sha1Of(content!), created.Metadata.Sha1, StringComparison.OrdinalIgnoreCase) =>
                $"the SHA-1 of the download is {Sha1Of(content!)}, the event says {created.Metadata.Sha1}",
            RenditionFailed failed when !shouldFail || failed.Reason != RenditionFailureReason.RenditionFormatUnsupported =>
                $"{failed.Reason}: {failed.Message}",
            _ => null,
        };
    }

#pragma warning disable CA5350 // The service's checksum is SHA-1; it guards against accidents, not against forgers.
    private static string Sha1Of(byte[] content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
}
