<?php
namespace OmsBridge;

/** Shows, hides and deletes products, many at once. */
class ProductSwitch
{
    private static $tables = array('product', 'product_attribute', 'product_code', 'product_description', 'product_discount', 'product_filter',
        'product_image', 'product_option', 'product_option_value', 'product_recurring', 'product_related', 'product_report', 'product_reward',
        'product_special', 'product_subscription', 'product_to_category', 'product_to_download', 'product_to_layout', 'product_to_store',
        'product_viewed', 'review', 'coupon_product');
    private $bridge;
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function status(Call $call)
    {
        return $this->each($call, function ($item) {
            if (!isset($item['status'])) {
                throw Refusal::invalid('status', 'missing', 'The field status is required.');
            }
            return Field::flag($item, 'status', 0);
        }, function ($wanted) {
            foreach (array(0, 1) as $status) {
                $this->db->run('UPDATE ' . $this->db->table('product') . ' SET `status` = ' . $status . ', `date_modified` = NOW() WHERE `product_id` IN (' . Db::ints(array_keys($wanted, $status, true)) . ')');
            }
            $this->keep(array_keys($wanted));
        });
    }

    /** Names the status in the override of those that are variants, in one write for all that had the same override. */
    private function keep($ids)
    {
        if (!$this->bridge->schema->hasColumn('product', 'override') || !$this->bridge->schema->hasColumn('product', 'master_id')) {
            return;
        }
        $variants = $this->db->grouped('SELECT `product_id`, `override` FROM ' . $this->db->table('product')
            . ' WHERE `master_id` > 0 AND `product_id` IN (' . Db::ints($ids) . ')', 'override');
        foreach ($variants as $stored => $rows) {
            $kept = VariantOverride::with($stored, 'status');
            if ($kept !== (string)$stored) {
                $this->db->run('UPDATE ' . $this->db->table('product') . ' SET `override` = ' . $this->db->quote($kept)
                    . ' WHERE `product_id` IN (' . Db::ints(Page::column($rows, 'product_id')) . ')');
            }
        }
    }

    public function delete(Call $call)
    {
        return $this->each($call, function () {
            return null;
        }, function ($wanted) {
            self::erase($this->bridge, array_keys($wanted));
        });
    }

    /** As the shop's own delete does: every row that belongs to the product, while the lines of past orders stay. */
    public static function erase(Bridge $bridge, $ids)
    {
        $db = $bridge->db;
        $list = Db::ints($ids);
        foreach ($bridge->schema->existing(self::$tables) as $table) {
            $db->run('DELETE FROM ' . $db->table($table) . ' WHERE `product_id` IN (' . $list . ')');
        }
        $db->run('DELETE FROM ' . $db->table('product_related') . ' WHERE `related_id` IN (' . $list . ')');
        if ($bridge->schema->hasColumn('seo_url', 'key')) {
            $db->run('DELETE FROM ' . $db->table('seo_url') . " WHERE `key` = 'product_id' AND `value` IN ('" . str_replace(',', "','", $list) . "')");
        } elseif ($bridge->schema->hasColumn('seo_url', 'query')) {
            $db->run('DELETE FROM ' . $db->table('seo_url') . " WHERE `query` IN ('product_id=" . str_replace(',', "','product_id=", $list) . "')");
        }
        if ($bridge->schema->hasColumn('product', 'master_id')) {
            $db->run('UPDATE ' . $db->table('product') . ' SET `master_id` = 0 WHERE `master_id` IN (' . $list . ')');
        }
    }

    /** Checks every item, does the good ones together, answers each. */
    private function each(Call $call, $check, $deed)
    {
        $items = Items::of($call);
        $wanted = array();
        $ids = array();
        $errors = array();
        foreach ($items as $i => $item) {
            try {
                $ids[$i] = Field::number($item, 'product_id', 1);
                $wanted[$ids[$i]] = $check($item);
            } catch (Refusal $refusal) {
                $errors[$i] = $refusal;
            }
        }
        $rows = $this->db->rows('SELECT `product_id` FROM ' . $this->db->table('product') . ' WHERE `product_id` IN (' . Db::ints($ids) . ')');
        $wanted = array_intersect_key($wanted, array_flip(Page::column($rows, 'product_id')));
        if ($wanted) {
            $this->db->together(function () use ($deed, $wanted) {
                $deed($wanted);
            });
            $this->bridge->shop->forgetProducts();
        }
        $answers = array();
        foreach ($items as $i => $item) {
            if (!isset($errors[$i]) && !array_key_exists($ids[$i], $wanted)) {
                $errors[$i] = Refusal::notFound('There is no such product.', array('product_id' => $ids[$i]));
            }
            $more = isset($errors[$i]) ? array() : array('product_id' => $ids[$i]) + ($wanted[$ids[$i]] === null ? array() : array('status' => $wanted[$ids[$i]]));
            $answers[] = isset($errors[$i]) ? Items::failed($item, $errors[$i]) : Items::ok($item, $more);
        }
        return new Answer($answers);
    }
}
