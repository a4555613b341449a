using System.Globalization;
using System.Web;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>
/// A container, and URLs of its blobs for the service. A SAS or a key is cached until it would expire too early. Then one caller renews it for all.
/// </summary>
internal sealed class ContainerAccess(Func<CancellationToken, ValueTask<BlobContainerClient>> getContainerAsync, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private BlobContainerClient? _container;
    private UserDelegationKey? _key;

    public static BlobContainerClient Checked(BlobContainerClient container, string parameter)
    {
        ArgumentNullException.ThrowIfNull(container, parameter);
        Uri url = container.Uri;
        if ((url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) || url.AbsolutePath.Trim('/').Length == 0)
        {
            throw new ArgumentException("The URL of a container must contain the container in its path, and use https. Only a loopback address may use http.", parameter);
        }

        return container.CanGenerateSasUri || HasSas(url) || CredentialProbe.HasToken(container.GetParentBlobServiceClient())
            ? container
            : throw new ArgumentException(
                "The client cannot make URLs for the service: it has neither an account key nor a TokenCredential, and its URL contains no SAS. The SAS of an AzureSasCredential cannot be read: create the client with the URL that contains the SAS instead.",
                parameter);
    }

    /// <summary>
    /// Returns the container for calls of this process, which need a SAS only for a short time. A SAS that expires soon is renewed if possible, and otherwise
    /// used until it expires.
    /// </summary>
    public Task<BlobContainerClient> GetContainerAsync(CancellationToken cancellationToken) => Volatile.Read(ref _container) is { } current && Remaining(current) >= s_minute
        ? Task.FromResult(current)
        : LockedAsync(() => CurrentContainerAsync(s_minute, TimeSpan.Zero, cancellationToken), cancellationToken);

    public Task<Uri> CreateUrlAsync(string blob, BlobSasPermissions permissions, TimeSpan lifetime, string parameter, CancellationToken cancellationToken) => LockedAsync(
        async () =>
        {
            BlobContainerClient container = await CurrentContainerAsync(lifetime, lifetime, cancellationToken).ConfigureAwait(false);
            BlobClient client = container.GetBlobClient(blob);
            DateTimeOffset expiry = timeProvider.GetUtcNow() + lifetime;
            if (client.CanGenerateSasUri || HasSas(client.Uri))
            {
                return client.CanGenerateSasUri ? client.GenerateSasUri(permissions, expiry) : client.Uri;
            }

            DateTimeOffset longest = timeProvider.GetUtcNow().AddDays(7);
            if (expiry > longest)
            {
                throw new ArgumentOutOfRangeException(parameter, lifetime, "The lifetime of a URL must be up to 7 days: the maximum for a user delegation key of Azure.");
            }

            if (_key is null || _key.SignedExpiresOn < expiry)
            {
                // Valid for one day longer than needed, to sign more URLs of the same lifetime without another call; and from a little earlier, because
                // clocks differ.
                DateTimeOffset end = expiry.AddDays(1) < longest ? expiry.AddDays(1) : longest;
                BlobGetUserDelegationKeyOptions options = new(end) { StartsOn = timeProvider.GetUtcNow().AddMinutes(-Math.Min(15, (longest - end).TotalMinutes)) };
                _key = await container.GetParentBlobServiceClient().GetUserDelegationKeyAsync(options, cancellationToken).ConfigureAwait(false);
            }

            return client.GenerateUserDelegationSasUri(permissions, expiry < _key.SignedExpiresOn ? expiry : _key.SignedExpiresOn, _key);
        },
        cancellationToken);

    public void Dispose() => _renewing.Dispose();

    private static bool HasSas(Uri url) => Field(url, "sig") is not null;

    private static string? Field(Uri url, string name) => HttpUtility.ParseQueryString(url.Query)[name];

    private async Task<BlobContainerClient> CurrentContainerAsync(TimeSpan wanted, TimeSpan needed, CancellationToken cancellationToken)
    {
        if (_container is null || Remaining(_container) < wanted)
        {
            _container = Checked(await getContainerAsync(cancellationToken).ConfigureAwait(false), "containerUrl");
        }

        return Remaining(_container) >= needed ? _container : throw new AssetStorageException(
            $"The SAS of the container {_container.Uri.GetLeftPart(UriPartial.Path)} expires at {Field(_container.Uri, "se")}, but is needed until {timeProvider.GetUtcNow() + needed:u}. Create a SAS that expires later, or request a shorter lifetime.");
    }

    // Without "se" there is no SAS, or the SAS follows a stored access policy, whose expiry only Azure knows.
    private TimeSpan Remaining(BlobContainerClient container) =>
        DateTimeOffset.TryParse(Field(container.Uri, "se"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry) ? expiry - timeProvider.GetUtcNow() : TimeSpan.MaxValue;

    private async Task<T> LockedAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await action().ConfigureAwait(false);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Exposes how a client signs: the SDK shows it only to subclasses.</summary>
    private sealed class CredentialProbe : BlobServiceClient
    {
        public static bool HasToken(BlobServiceClient client) => GetAuthenticationPolicy(client) is BearerTokenAuthenticationPolicy;
    }
}
