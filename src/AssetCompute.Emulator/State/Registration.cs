using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>A registered client and its journal.</summary>
internal sealed record Registration(string ClientId, string OrganizationId, Guid JournalId, DateTimeOffset RegisteredAt)
{
    /// <summary>The name of a journal that is not the client's rendition journal.</summary>
    public string? Name { get; init; }

    /// <summary>The path of the journal in Adobe's format: an organization number, a credential number and the journal id.</summary>
    public string JournalPath =>
        $"/events/organizations/{NumberOf(OrganizationId)}/integrations/{NumberOf(ClientId)}/{JournalId:D}";

    private static uint NumberOf(string text) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % 1_000_000;
}
