using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>A client that has registered, and the journal it got.</summary>
internal sealed record Registration(string ClientId, string OrganizationId, Guid JournalId, DateTimeOffset RegisteredAt)
{
    /// <summary>What the journal is about, where it is not the client's journal of renditions.</summary>
    public string? Name { get; init; }

    /// <summary>The journal's path, shaped as Adobe's: an organization's number, a credential's number, the journal's id.</summary>
    [JsonIgnore]
    public string JournalPath =>
        $"/events/organizations/{NumberOf(OrganizationId)}/integrations/{NumberOf(ClientId)}/{JournalId:D}";

    private static uint NumberOf(string text) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % 1_000_000;
}
