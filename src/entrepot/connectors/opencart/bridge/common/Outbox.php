<?php
namespace OmsBridge;

/** What happened in the shop, kept for Entrepot to read and pushed by the webhook. */
class Outbox
{
    const DAYS = 30;
    private $db;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    public function add($kind, $object_id, $detail)
    {
        $this->db->run('INSERT INTO ' . $this->db->table('oms_bridge_event') . ' (`kind`, `object_id`, `detail`, `origin`, `created_at`, `delivered`) VALUES ('
            . $this->db->quote($kind) . ', ' . (int)$object_id . ', ' . $this->db->quote(Json::encode(Json::object($detail))) . ', '
            . $this->db->quote(Origin::name()) . ', UTC_TIMESTAMP(), 0)');
    }

    public function after($event_id, $limit)
    {
        return $this->shaped('`event_id` > ' . (int)$event_id, $limit);
    }

    public function undelivered($limit)
    {
        return $this->shaped('`delivered` = 0', $limit);
    }

    public function pending()
    {
        return (int)$this->db->value('SELECT COUNT(*) FROM ' . $this->db->table('oms_bridge_event') . ' WHERE `delivered` = 0');
    }

    public function markDelivered($events)
    {
        $ids = array();
        foreach ($events as $event) {
            $ids[] = $event['event_id'];
        }
        $this->db->run('UPDATE ' . $this->db->table('oms_bridge_event') . ' SET `delivered` = 1 WHERE `event_id` IN (' . Db::ints($ids) . ')');
    }

    /** A new listener starts with what happens from now on; the past is read by cursor. */
    public function markAllDelivered()
    {
        $this->db->run('UPDATE ' . $this->db->table('oms_bridge_event') . ' SET `delivered` = 1 WHERE `delivered` = 0');
    }

    public function lastId()
    {
        return (int)$this->db->value('SELECT MAX(`event_id`) FROM ' . $this->db->table('oms_bridge_event'));
    }

    public function prune()
    {
        $this->db->run('DELETE FROM ' . $this->db->table('oms_bridge_event') . ' WHERE `created_at` < UTC_TIMESTAMP() - INTERVAL ' . self::DAYS . ' DAY');
    }

    private function shaped($where, $limit)
    {
        $rows = $this->db->rows('SELECT * FROM ' . $this->db->table('oms_bridge_event') . ' WHERE ' . $where . ' ORDER BY `event_id` LIMIT ' . (int)$limit);
        $events = array();
        foreach ($rows as $row) {
            $events[] = array(
                'event_id' => (int)$row['event_id'],
                'kind' => $row['kind'],
                'object_id' => (int)$row['object_id'],
                'detail' => Json::object((array)json_decode($row['detail'], true)),
                'origin' => $row['origin'],
                'created_at' => Clock::iso($row['created_at']),
            );
        }
        return $events;
    }
}
