#if NETSTANDARD2_0
namespace System.Diagnostics.CodeAnalysis;

/// <summary>What the trimmer must keep of a type parameter, under the name of today's .NET, for .NET Standard 2.0.</summary>
[AttributeUsage(AttributeTargets.GenericParameter)]
internal sealed class DynamicallyAccessedMembersAttribute(DynamicallyAccessedMemberTypes memberTypes) : Attribute
{
    public DynamicallyAccessedMemberTypes MemberTypes { get; } = memberTypes;
}

[Flags]
internal enum DynamicallyAccessedMemberTypes
{
    PublicConstructors = 3,
    PublicProperties = 512,
}
#endif
